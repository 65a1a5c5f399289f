import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { isSettled, nameKey, type MachineFacts } from "../model/machine.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { diffMachine, type MachineDiff } from "../diff/machine.ts";
import { replaceMachine } from "./create-machine.ts";
import { lastOf, refused, type Decision } from "./decision.ts";
import { isDefaultMachine, ownerAt, type Desk } from "./desk.ts";
import { defaultAction, keepMachine } from "./existing-machine.ts";
import { limitsOf, settingsAfterDiff } from "./limits-of.ts";
import { begin } from "./make-action.ts";
import { problem } from "./problems.ts";
import { desiredMachine, type Scene } from "./scene.ts";
import { claimedElsewhere, inTransition, type Standing } from "./standing.ts";

/** The name of the machine that is to be adopted at an address: the one asked for, else the stack's. */
export function requestedName(scene: Scene, desired: DesiredMachine): string | undefined {
  for (const each of scene.input.options.adopt) {
    if (each === desired.address) return desired.name;
    if (typeof each === "object" && each.address === desired.address) return each.name;
  }
  return undefined;
}

interface Adopting {
  readonly name: string;
  /** Where the address has a machine already; it is let go, never deleted. */
  readonly standing: Standing | undefined;
}

/** Takes an existing machine into state and brings it to what the stack wants. What can't be read back is taken as the stack has it. */
export function decideAdoption(desk: Desk, desired: DesiredMachine, { name, standing }: Adopting): Decision {
  const live = desk.scene.liveByName.get(nameKey(name));
  if (live === undefined || live.builtin) return refused(desired.address, notThere(desired, name));
  const owner = desk.scene.ownerOf.get(live.id);
  if (owner !== undefined) return refused(desired.address, refusal(desired, `${owner} is that machine already`));
  const rival = rivalFor(desk.scene, desired, name);
  if (rival !== undefined) return refused(desired.address, refusal(desired, `${rival} is to adopt it too`));
  const claim = desk.scene.input.live.claims[live.id];
  if (claim !== undefined) return refused(desired.address, claimedElsewhere(desired, claim));
  if (!isSettled(live.state)) return refused(desired.address, inTransition(desired, live));
  if (standing?.kind === "present" && standing.live.id !== live.id && isNamed(desk.scene, desired))
    return refused(desired.address, occupied(desired, standing.live.name));
  const left = standing?.kind === "present" ? standing.live.name : undefined;
  const deposed = standing !== undefined && "state" in standing ? standing.state?.deposed : undefined;
  return adopt(desk, desired, { live, left, deposed });
}

/** Whether a machine was named for the address, as `orb adopt` does. */
function isNamed(scene: Scene, { address }: DesiredMachine): boolean {
  return scene.input.options.adopt.some((each) => typeof each === "object" && each.address === address);
}

/** Another address that is asked to adopt the same machine. */
function rivalFor(scene: Scene, desired: DesiredMachine, name: string): Address | undefined {
  const asked = scene.input.options.adopt.map((each) => (typeof each === "object" ? each.address : each));
  return asked.find((address) => {
    const other = address === desired.address ? undefined : desiredMachine(scene, address);
    const wanted = other && requestedName(scene, other);
    return wanted !== undefined && nameKey(wanted) === nameKey(name);
  });
}

interface Adopted {
  readonly live: MachineFacts;
  /** The machine that is let go for it. */
  readonly left: string | undefined;
  /** Predecessors of that one, still to be deleted. */
  readonly deposed: MachineResource["deposed"];
}

function adopt(desk: Desk, desired: DesiredMachine, { live, left, deposed }: Adopted): Decision {
  const { scene, values } = desk;
  const isDefault = isDefaultMachine(desk, live);
  const pair = { desired, live, prior: undefined, values, digest: scene.input.digest };
  const diff = diffMachine({ ...pair, ...(isDefault !== undefined && { isDefault }) });
  const { allowReplace } = scene.input.options;
  if (diff.replace !== undefined && !allowReplace)
    return refused(desired.address, wouldReplace(desired, diff.attributes));
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const target = { address: desired.address, id: live.id };
  const taking: Action = { ...begin("adopt", owner), target, name: live.name };
  if (diff.replace !== undefined) {
    const standing = { live, recovered: false, deposed };
    return replaceMachine(desk, desired, { standing, diff, reason: diff.replace, adopting: taking });
  }
  return takeOver(desk, desired, { live, left, deposed, diff, taking });
}

interface Taking extends Adopted {
  readonly diff: MachineDiff;
  readonly taking: Action;
}

function takeOver(desk: Desk, desired: DesiredMachine, { live, left, deposed, diff, taking }: Taking): Decision {
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const target = { address: desired.address, id: live.id };
  const limits = limitsOf(desk.scene, { desired, diff, state: undefined });
  if (limits.length > 0) return refused(desired.address, ...limits);
  const kept = keepMachine(desk, { desired, live, diff, state: undefined, deposed });
  const setDefault = diff.default === "set" ? [defaultAction(owner, target)] : [];
  desk.outlooks.set(desired.address, {
    made: false,
    adopted: live,
    booted: kept.booted,
    settings: settingsAfterDiff(live, diff, desk),
    running: diff.power === undefined ? live.state === "running" : diff.power === "start",
  });
  const letGo = left === undefined ? [] : [`${left} is let go: it is no longer managed, and not deleted`];
  return {
    address: desired.address,
    chain: [taking, ...kept.chain, ...setDefault],
    ...lastOf([taking, ...kept.chain].filter((each) => each.kind !== "delete")),
    change: {
      address: desired.address,
      type: "machine",
      action: "adopt",
      createBeforeDestroy: false,
      name: diff.renameTo ?? live.name,
      recovered: false,
      attributes: diff.attributes,
      unchanged: diff.unchanged,
      notes: [...letGo, ...kept.notes],
    },
    settled: desired,
    diagnostics: diff.diagnostics,
  };
}

function notThere(desired: DesiredMachine, name: string) {
  return problem(desired, {
    code: "ORB_MACHINE_NOT_FOUND",
    summary: "No machine to adopt",
    detail: `${desired.address} is to adopt ${name}, and there is no machine of that name.`,
    hint: "To see the machines there are, run: orbctl list",
  });
}

function occupied(desired: DesiredMachine, present: string) {
  return problem(desired, {
    code: "ORB_ADOPT_REFUSED",
    summary: "Address has a machine already",
    detail: `${desired.address} stands for the machine ${present} already. Nothing is done to either machine.`,
    hint: `To let go of it, which leaves the machine as it is, run: orb state rm ${desired.address}`,
  });
}

function wouldReplace(desired: DesiredMachine, attributes: readonly { path: string; forcesReplacement: boolean }[]) {
  const forcing = attributes.filter((each) => each.forcesReplacement).map((each) => each.path);
  return refusal(desired, `the stack differs from it in ${forcing.join(", ")}, so the next plan would replace it`);
}

function refusal(desired: DesiredMachine, why: string) {
  return problem(desired, {
    code: "ORB_ADOPT_REFUSED",
    summary: "Machine can't be adopted",
    detail: `${desired.address} can't adopt it: ${why}. Nothing is done to it.`,
    hint: "Make the stack say what the machine is, or add --allow-replace.",
  });
}
