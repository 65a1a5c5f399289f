/** Why something inside a machine can't be done. */
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { PathKind } from "../model/inside.ts";
import { identityOf } from "../model/inside-kept.ts";
import type { DesiredInside } from "../model/resource.ts";
import { isInsideResource } from "../model/snapshot.ts";
import type { Desk } from "./desk.ts";
import type { Site } from "./inside-site.ts";
import { problem } from "./problems.ts";
import { desiredMachine } from "./scene.ts";

/** There is nothing there that could do it. */
export function unavailable(desired: DesiredInside, why: string): Diagnostic {
  return problem(desired, {
    code: "ORB_GUEST_UNAVAILABLE",
    summary: "Machine can't do this",
    detail: `${desired.address} can't be looked at or changed in ${desired.on}: ${why} Nothing is done to it.`,
    hint: "Look at the machine with `orb on`, or take the resource out of the stack.",
  });
}

/** Its machine is stopped, and not Orbform's to start. */
export function outOfReach(desk: Desk, desired: DesiredInside): Diagnostic {
  return problem(desired, {
    code: "ORB_GUEST_UNAVAILABLE",
    summary: "Its machine does not run",
    detail: `${desired.address} has to be changed inside ${desired.on}, which does not run, and ${notOurs(desk, desired.on)}.`,
    hint: `Start the machine, or ${ours(desk, desired.on)}, then run: orb plan`,
  });
}

/** Why Orbform does not start a machine of the stack. */
export function notOurs(desk: Desk, machine: Address): string {
  return `whose power is not Orbform's (${isAny(desk, machine) ? 'power: "any"' : "ignoreChanges names power"})`;
}

function ours(desk: Desk, machine: Address): string {
  return isAny(desk, machine) ? 'give it power: "running"' : "take power out of its ignoreChanges";
}

function isAny({ scene }: Desk, machine: Address): boolean {
  return desiredMachine(scene, machine)?.power === "any";
}

/** Something stands at its path that nothing is written over, and that this plan does not take away. */
export function inTheWay({ scene }: Desk, desired: DesiredInside, site: Site): Diagnostic | undefined {
  if (site.kind !== "seen" || !("kind" in site.facts) || !isInTheWay(desired, site.facts.kind)) return undefined;
  const { address, on, type, properties } = desired;
  const goes = [...scene.prior].some(
    ([each, state]) =>
      each !== address && isInsideResource(state) && state.on === on && identityOf(state.inputs) === properties["path"],
  );
  if (goes) return undefined;
  const there = site.facts.kind === "directory" ? "a directory stands there" : "something stands there that is none";
  return problem(desired, {
    code: "ORB_FILE_EXISTS",
    summary: "Something else stands at its path",
    detail: `${address} is to be a ${type} in ${on}, and ${there}. Nothing is done to it.`,
    hint: "Take it away with `orb on`, or give the resource another path.",
  });
}

function isInTheWay({ type }: DesiredInside, kind: PathKind): boolean {
  return type === "file" ? kind === "directory" : kind !== "absent" && kind !== "directory";
}
