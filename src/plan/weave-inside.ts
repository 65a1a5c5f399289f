import type { Action, ActionId, InsideAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { Around } from "../graph/part.ts";
import type { ChangeDraft, Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import type { Outlook } from "./outlook.ts";
import { desiredMachine } from "./scene.ts";

/**
 * What lies inside a machine needs it running: a machine that is to end stopped is started for it and stopped last, and
 * the predecessor of one that is made first goes only once what lies inside the new one is applied.
 */
export function weaveInside(desk: Desk, decisions: readonly Decision[]): readonly Decision[] {
  const needed = new Set(decisions.flatMap(({ chain }) => chain.filter(isInside)).map(({ target }) => target.address));
  if (needed.size === 0) return decisions;
  return decisions.map((decision) => {
    const { address } = decision;
    const desired = needed.has(address) ? desiredMachine(desk.scene, address) : undefined;
    const outlook = desk.outlooks.get(address);
    return desired === undefined || outlook === undefined ? decision : woven(desk, decision, { desired, outlook });
  });
}

function isInside(action: Action): action is InsideAction {
  return "subject" in action && action.subject !== "setting";
}

interface Machine {
  readonly desired: DesiredMachine;
  readonly outlook: Outlook;
}

function woven(desk: Desk, decision: Decision, machine: Machine): Decision {
  const { desired, outlook } = machine;
  const id = outlook.state?.id ?? outlook.adopted?.id;
  const runs = id !== undefined && desk.scene.liveById.get(id)?.state === "running";
  // Also one whose power is its user's may owe a stop.
  if (runs && !outlook.made) return { ...decision, around: aroundStop(decision) };
  if (desired.power !== "stopped") return { ...decision, around: aroundRunning(decision) };
  if (outlook.made) return bornStopped(desk, decision, machine);
  return startedForIt(desk, decision, machine);
}

/** It ends running: what lies inside comes once it is as it is to be, and before its predecessors go. */
function aroundRunning({ chain, ready }: Decision): Around {
  const after = ready === undefined ? -1 : chain.findIndex((each) => each.id === ready);
  const later = chain.slice(after + 1);
  return { ...(ready !== undefined && { up: ready }), down: later.map(({ id }) => id), always: [] };
}

/** It runs and is stopped last, unless its power is ignored. No two work on one machine at the same time. */
function aroundStop(decision: Decision): Around {
  const { chain } = decision;
  const power = chain.findLastIndex((each) => POWER.has(each.kind));
  const stop = chain.findIndex((each) => each.kind === "stop");
  return chain[power]?.kind !== "stop" ? aroundRunning(decision) : stopLast(chain, chain[stop - 1]?.id);
}

function stopLast(chain: readonly Action[], up: ActionId | undefined): Around {
  const stops = chain.filter((each) => each.kind === "stop").map(({ id }) => id);
  return { ...(up !== undefined && { up }), down: stops, always: stops };
}

/** Made by this plan and to end stopped: it boots once, is given what lies inside it, and is stopped. */
function bornStopped(desk: Desk, decision: Decision, { desired }: Machine): Decision {
  const { chain } = decision;
  const target = { address: desired.address, id: null };
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const made = chain.findLastIndex((each) => MAKES.has(each.kind) || each.kind === "config");
  const start = {
    ...begin("start", owner, "-for-inside"),
    target,
    ready: desired.ready,
    identity: desired.identity,
  };
  const stop = chain.find((each) => each.kind === "stop") ?? { ...begin("stop", owner), target };
  const rest = chain.slice(made + 1).filter((each) => each.id !== stop.id);
  const next = [...chain.slice(0, made + 1), start, stop, ...rest];
  return {
    ...decision,
    chain: next,
    ready: stop.id,
    around: stopLast(next, start.id),
    ...noted(desk, decision, desired),
  };
}

const POWER: ReadonlySet<string> = new Set(["start", "stop", "restart"]);

const MAKES: ReadonlySet<string> = new Set(["create", "clone", "restore"]);

/** It is there and stopped, and ends so. */
function startedForIt(desk: Desk, decision: Decision, { desired, outlook }: Machine): Decision {
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const target = { address: desired.address, id: outlook.state?.id ?? outlook.adopted?.id ?? null };
  const start: Action = { ...begin("start", owner, "-for-inside"), target, ready: desired.ready, identity: "keep" };
  const stop: Action = { ...begin("stop", owner, "-after-inside"), target };
  const next = [...decision.chain, start, stop];
  return {
    ...decision,
    chain: next,
    ready: stop.id,
    around: stopLast(next, start.id),
    settled: desired,
    ...noted(desk, decision, desired),
  };
}

function noted(desk: Desk, { change, address }: Decision, desired: DesiredMachine): { readonly change: ChangeDraft } {
  const note = "is started for what lies inside it, and stopped again";
  if (change !== undefined) {
    const action = change.action === "no-op" ? ("update" as const) : change.action;
    return { change: { ...change, action, notes: [...change.notes, note] } };
  }
  const name = nameOf(desk, address) ?? desired.name;
  return {
    change: {
      address,
      type: "machine",
      action: "update",
      createBeforeDestroy: false,
      name,
      recovered: false,
      attributes: [],
      unchanged: 0,
      notes: [note],
    },
  };
}

function nameOf(desk: Desk, address: Address): string | undefined {
  return desk.outlooks.get(address)?.state?.name;
}
