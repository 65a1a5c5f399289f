import { isInsideAction, isMaking, type Action, type ActionId } from "../model/action.ts";
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
  const needed = new Set(
    decisions.flatMap(({ chain }) => chain.filter(isInsideAction)).map(({ target }) => target.address),
  );
  if (needed.size === 0) return decisions;
  return decisions.map((decision) => {
    const { address } = decision;
    const desired = needed.has(address) ? desiredMachine(desk.scene, address) : undefined;
    const outlook = desk.outlooks.get(address);
    return desired === undefined || outlook === undefined ? decision : woven(desk, decision, { desired, outlook });
  });
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
  if (runs && !outlook.made) return aroundStop(decision);
  if (desired.power !== "stopped") return aroundRunning(decision);
  return outlook.made ? bornStopped(desk, decision, machine) : startedForIt(desk, decision, machine);
}

/** It ends running: what lies inside comes once it is as it is to be, and before its predecessors go. */
function aroundRunning(decision: Decision): Decision {
  const settled = readyBefore(decision);
  const { chain, ready } = settled;
  const after = ready === undefined ? -1 : chain.findIndex((each) => each.id === ready);
  const down = chain.slice(after + 1).map(({ id }) => id);
  return { ...settled, around: { ...(ready !== undefined && { up: ready }), down, always: [] } };
}

/** It runs and is stopped last, unless its power is ignored. No two work on one machine at the same time. */
function aroundStop(decision: Decision): Decision {
  const { chain } = decision;
  const power = chain.findLastIndex((each) => POWER.has(each.kind));
  const stop = chain.findIndex((each) => each.kind === "stop");
  if (chain[power]?.kind !== "stop") return aroundRunning(decision);
  return { ...readyBefore(decision), around: stopLast(chain, chain[stop - 1]?.id) };
}

/** Where predecessors go by this plan, it is ready before they do: what waits for it must not wait for them. */
function readyBefore(decision: Decision): Decision {
  const { chain, ready, ...others } = decision;
  const going = goingLast(chain);
  if (!going.some(({ id }) => id === ready)) return decision;
  const before = chain.at(-going.length - 1);
  return { ...others, chain, ...(before !== undefined && { ready: before.id }) };
}

/** Predecessors that a machine made before them lets go, and all that comes after: the name that they held. */
function goingLast(chain: readonly Action[]): readonly Action[] {
  const made = chain.findLastIndex((each) => isMaking(each));
  const first = chain.findIndex((each, index) => index > made && each.kind === "delete");
  return first < 0 ? [] : chain.slice(first);
}

/** It ends stopped, however what lies inside ended; its predecessors stay until that is applied. */
function stopLast(chain: readonly Action[], up: ActionId | undefined): Around {
  const stops = chain.filter((each) => each.kind === "stop").map(({ id }) => id);
  const down = [...stops, ...goingLast(chain).map(({ id }) => id)];
  return { ...(up !== undefined && { up }), down: [...new Set(down)], always: stops };
}

/** Made by this plan and to end stopped: it boots once, is given what lies inside it, and is stopped. */
function bornStopped(desk: Desk, decision: Decision, { desired }: Machine): Decision {
  const { chain } = decision;
  const target = { address: desired.address, id: null };
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const made = chain.findLastIndex((each) => isMaking(each) || each.kind === "config");
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

/** It is there and stopped, and ends so. */
function startedForIt(desk: Desk, decision: Decision, { desired, outlook }: Machine): Decision {
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const target = { address: desired.address, id: outlook.state?.id ?? outlook.adopted?.id ?? null };
  const start: Action = { ...begin("start", owner, "-for-inside"), target, ready: desired.ready, identity: "keep" };
  const stop: Action = { ...begin("stop", owner, "-after-inside"), target };
  const going = goingLast(decision.chain);
  const next = [...decision.chain.slice(0, decision.chain.length - going.length), start, stop, ...going];
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
