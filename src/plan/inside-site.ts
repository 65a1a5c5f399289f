import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { identityIn, identityOf } from "../model/inside-kept.ts";
import type { MachineId } from "../model/machine.ts";
import type { DesiredInside, DesiredMachine } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Desk } from "./desk.ts";
import type { Outlook } from "./outlook.ts";
import { desiredMachine, priorMachine } from "./scene.ts";

/** Where something inside a machine is, and what is known of it there. `machine` is `null` where this plan makes it. */
export type Site =
  /** It was looked at. */
  | { readonly kind: "seen"; readonly machine: MachineId; readonly facts: InsideFacts }
  /** The machine is stopped: the last snapshot stands for it. */
  | { readonly kind: "remembered"; readonly machine: MachineId; readonly facts: InsideFacts }
  /** Nobody could look: the machine is made by this plan, or has never been looked into. */
  | { readonly kind: "unseen"; readonly machine: MachineId | null }
  /** The machine is stopped, and is not Orbform's to start: what state keeps of it, if that tells anything. */
  | { readonly kind: "out of reach"; readonly machine: MachineId | null; readonly facts?: InsideFacts }
  /** There is nothing there that could do it. */
  | { readonly kind: "unavailable"; readonly machine: MachineId; readonly why: string };

interface Around {
  readonly outlook: Outlook;
  readonly prior: InsideResource | undefined;
}

/** Finds where a resource lies, and what is known of it there. */
export function siteOf(desk: Desk, desired: DesiredInside, { outlook, prior }: Around): Site {
  const machine = outlook.made ? undefined : (outlook.state?.id ?? outlook.adopted?.id);
  if (machine === undefined) return { kind: isBornOff(desk, desired) ? "out of reach" : "unseen", machine: null };
  // Nobody looked into a machine that is current again only now.
  const isLookedInto = priorMachine(desk.scene, desired.on)?.id === machine;
  const facts = isLookedInto ? desk.scene.input.live.inside[desired.address] : undefined;
  if (facts?.type === "unavailable") return { kind: "unavailable", machine, why: facts.why };
  if (facts !== undefined) return { kind: "seen", machine, facts };
  const isOff = desk.scene.liveById.get(machine)?.state === "stopped";
  const remembered = isOff && prior?.machine === machine ? rememberedFacts(desired, prior) : undefined;
  if (isOff && !isOurs(desk, desired))
    return { kind: "out of reach", machine, ...(remembered && { facts: remembered }) };
  if (remembered !== undefined) return { kind: "remembered", machine, facts: remembered };
  return { kind: "unseen", machine };
}

/** What is found there once it was taken away. Nobody has seen what a service does once it was put back. */
export function takenAway(site: Site): Site {
  if (!("facts" in site) || site.facts === undefined) return site;
  const { type } = site.facts;
  if (type === "user") return { ...site, facts: { type, exists: false } };
  if (type === "file" || type === "directory") return { ...site, facts: { type, kind: "absent" } };
  return { kind: "unseen", machine: site.machine };
}

/** What state keeps tells of what was asked then, and of nothing else: of another path, or of another condition, nobody knows. */
function rememberedFacts({ properties }: DesiredInside, prior: InsideResource): InsideFacts | undefined {
  const { inputs, seen } = prior;
  if (prior.unfinished === true || identityOf(inputs) !== identityIn(properties)) return undefined;
  return ofSameConditions(seen, inputs, properties);
}

/** Of a command what was found of the conditions that were asked then and are asked now. */
export function ofSameConditions(
  found: InsideFacts,
  inputs: InsideWish,
  properties: DesiredInside["properties"],
): InsideFacts {
  if (inputs.type !== "command" || found.type !== "command") return found;
  const isSame = (key: "creates" | "unless" | "onlyIf"): boolean =>
    sameJson(inputs[key] ?? null, properties[key] ?? null);
  return {
    type: "command",
    ...(found.created !== undefined && isSame("creates") && { created: found.created }),
    ...(found.unless !== undefined && isSame("unless") && { unless: found.unless }),
    ...(found.onlyIf !== undefined && isSame("onlyIf") && { onlyIf: found.onlyIf }),
  };
}

/** A clone is born stopped, and of what is restored nobody knows. */
function isBornOff(desk: Desk, desired: DesiredInside): boolean {
  const machine = desiredMachine(desk.scene, desired.on);
  return machine?.origin.kind !== "image" && machine?.power === "any";
}

function isOurs({ scene }: Desk, { on }: DesiredInside): boolean {
  const machine = desiredMachine(scene, on);
  return machine !== undefined && isOursToStart(machine);
}

/** Whether a machine's power is Orbform's to change. */
export function isOursToStart({ power, lifecycle }: DesiredMachine): boolean {
  return power !== "any" && !lifecycle.ignoreChanges.includes("power");
}
