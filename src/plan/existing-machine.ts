import type { Action, ConfigAction, Target } from "../model/action.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { isIgnored } from "../diff/attributes.ts";
import type { MachineDiff } from "../diff/machine.ts";
import { needsRestart } from "../diff/settings.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin, type Owner } from "./make-action.ts";

/** A machine that stays the one it is, and what is to be done to it. */
export interface Keeping {
  readonly desired: DesiredMachine;
  readonly live: MachineFacts;
  readonly diff: MachineDiff;
  /** Refreshed; absent on adoption. */
  readonly state: MachineResource | undefined;
  /** Predecessors that are left of an interrupted replacement at the address. */
  readonly deposed: MachineResource["deposed"];
}

/** What is done to a machine that stays, and whether its addresses change by it. */
export interface Kept {
  /** Up to where it is as the stack wants it, but for being the default. */
  readonly chain: readonly Action[];
  readonly booted: boolean;
  readonly notes: readonly string[];
}

/**
 * Brings a machine to what the stack wants, in place: rename, stop, settings, start or restart. Predecessors that an
 * interrupted replacement left are deleted once it is ready, and the name they held is taken then.
 */
export function keepMachine(desk: Desk, keeping: Keeping): Kept {
  const { desired, live, deposed } = keeping;
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const target: Target = { address: desired.address, id: live.id };
  const rename = renameAction(owner, target, keeping);
  const config = configAction(owner, target, keeping);
  const power = powerAction(keeping, config !== undefined && needsRestart(config.settings));
  const chain: Action[] = [];
  const leftovers = deposed === undefined ? [] : deposedDeletes(desk, owner, deposed);
  if (leftovers.length === 0) chain.push(...rename);
  if (power === "stop") chain.push({ ...begin("stop", owner), target });
  if (config !== undefined) chain.push(config);
  if (power === "start" || power === "restart") {
    chain.push({ ...begin(power, owner), target, ready: desired.ready, identity: identityAtStart(keeping) });
  }
  if (leftovers.length > 0) chain.push(...leftovers, ...rename);
  return { chain, booted: power === "start" || power === "restart", notes: notesOf(keeping, config, power) };
}

/** Deletes the predecessors that are left of a replacement whose new machine came first. */
export function deposedDeletes(desk: Desk, owner: Owner, deposed: MachineResource["deposed"]): Action[] {
  return deletesOf(desk, { ...owner, word: "deposed" }, deposed);
}

/** The same for those that go before another replacement begins: one plan may have both. */
export function leftDeletes(desk: Desk, owner: Owner, left: MachineResource["deposed"]): Action[] {
  return deletesOf(desk, { ...owner, word: "left" }, left);
}

function deletesOf(
  desk: Desk,
  owner: Owner & { readonly word: string },
  deposed: MachineResource["deposed"],
): Action[] {
  return (deposed ?? []).map(({ id, name }, index) => ({
    ...begin("delete", owner, index === 0 ? `-${owner.word}` : `-${owner.word}-${index + 1}`),
    target: { address: owner.address, id },
    name,
    temporaryName: desk.temporaryName(name, "del", owner.address),
    deposed: true,
    replacing: false,
  }));
}

/** Makes a machine OrbStack's default, or makes none the default. */
export function defaultAction(owner: Owner, target: Target | null): Action {
  return { ...begin("set-default", owner), target };
}

function renameAction(owner: Owner, target: Target, { live, diff }: Keeping): Action[] {
  if (diff.renameTo === undefined) return [];
  return [{ ...begin("rename", owner), target, from: live.name, to: diff.renameTo, temporary: false }];
}

function configAction(owner: Owner, target: Target, { diff, live }: Keeping): ConfigAction | undefined {
  const { settings, before } = diff.config;
  if (Object.keys(settings).length === 0) return undefined;
  const runsOn = live.state === "running" && diff.power !== "stop";
  return { ...begin("config", owner), target, settings, before, needsRestart: runsOn && needsRestart(settings) };
}

function powerAction(keeping: Keeping, forced: boolean): "start" | "stop" | "restart" | undefined {
  const { diff, live, state } = keeping;
  if (diff.power !== undefined) return diff.power;
  if (live.state !== "running") return undefined;
  if (mayRestart(keeping) && (forced || state?.restartPending === true)) return "restart";
  return isAwaited(keeping) || owesIdentity(keeping) ? "start" : undefined;
}

/** A machine with power `any`, or whose power is ignored, is never restarted by us. */
function mayRestart({ desired }: Keeping): boolean {
  return desired.power === "running" && !isIgnored("power", desired.lifecycle.ignoreChanges);
}

/** Made, but its readiness is not known: the next apply waits again. Starting what runs only probes it. */
function isAwaited({ state, desired }: Keeping): boolean {
  return state?.status === "unready" && state.unready?.reason !== "failed" && desired.power !== "stopped";
}

/** Its own identity comes with its next start, or now if it runs, whatever became of the run that made it. */
function identityAtStart(keeping: Keeping): "keep" | "fresh" {
  return owesIdentity(keeping) ? "fresh" : "keep";
}

function owesIdentity({ desired, state }: Keeping): boolean {
  return state?.identityOwed === true && desired.identity === "fresh";
}

function notesOf(keeping: Keeping, config: ConfigAction | undefined, power: string | undefined): readonly string[] {
  const { live, state } = keeping;
  if (power === "restart" && config === undefined)
    return ["restarts: an earlier change takes effect at its next start"];
  if (power === "restart") return ["restarts: running machines take settings over at their next start"];
  const waiting = config?.needsRestart === true && power === undefined;
  if (waiting) return ["takes effect at the next restart"];
  if (power === "start" && live.state === "running" && state?.status === "unready") {
    return ["was made, and has not been ready yet: waits for it"];
  }
  if (power === "start" && live.state === "running") return ["is given an identity of its own"];
  return [];
}
