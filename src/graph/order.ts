/** The ordering rules of plans: what comes before what, and how a ring of names is broken. */
import { isInsideAction, type Action, type ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { byCodeUnit, shortestCycle } from "./dag.ts";
import { Edges } from "./edges.ts";
import { keepApart, orderClones } from "./clones.ts";
import { holdersOf, orderNames, type GiveTemporaryName } from "./names.ts";
import { isExportOf, keepExportsApart, orderExports } from "./exports.ts";
import { orderInside } from "./inside.ts";
import { breakCycles } from "./break-cycles.ts";
import type { Part } from "./part.ts";

/** Parts put in order. */
export interface Ordered {
  /** Sorted by id, each with what it waits for. */
  readonly actions: readonly Action[];
  /** A cycle that nothing breaks: the shortest one. */
  readonly cycle: readonly ActionId[] | undefined;
}

/**
 * Puts the actions of all parts in order, by rules 1 to 7. `parts` come in an order in which each is after those it
 * depends on; that order decides where the rules leave a choice. Linear but for rings of names.
 */
export function order(parts: readonly Part[], giveName: GiveTemporaryName): Ordered {
  const edges = new Edges();
  const actions = new Map<ActionId, Action>();
  const byAddress = new Map(parts.map((each) => [each.address, each]));
  for (const part of parts) {
    const around = part.pause === undefined ? [] : [part.pause.stop, part.pause.start];
    for (const action of [...part.chain, ...around]) actions.set(action.id, action);
    chainUp(part, edges);
  }
  for (const part of parts) {
    afterDependencies(part, byAddress, edges);
    deletesInReverse(part, byAddress, edges);
  }
  orderClones(parts, edges);
  orderSettings(parts, edges);
  orderInside(parts, edges);
  orderExports(parts, edges);
  orderNames(parts, edges);
  breakCycles({ edges, actions, holders: holdersOf(parts), giveName });
  keepApart(actions, edges);
  keepExportsApart(actions, edges);
  const before = edges.before(actions.keys());
  const sorted = [...actions.values()].toSorted((left, right) => byCodeUnit(left.id, right.id));
  return {
    actions: sorted.map((action) => waiting(action, edges)),
    cycle: shortestCycle(before),
  };
}

/** An action with what it waits for. */
function waiting(action: Action, edges: Edges): Action {
  const before = [...edges.of(action.id)].toSorted(([left], [right]) => byCodeUnit(left, right));
  const after = before.flatMap(([id, kind]) => (kind === "turn" ? [] : [id]));
  const afterEnd = before.flatMap(([id, kind]) => (kind === "turn" ? [id] : []));
  return { ...action, after, ...(afterEnd.length > 0 && { afterEnd }) };
}

/** No two actions on one machine overlap. */
function chainUp({ chain }: Part, edges: Edges): void {
  for (const [index, action] of chain.entries()) {
    const before = chain[index - 1];
    if (before !== undefined) edges.add(action.id, before.id);
  }
}

/** Rule 1: an action comes after those that produce what it refers to. Taking away the old needs nothing. */
function afterDependencies(part: Part, byAddress: ReadonlyMap<Address, Part>, edges: Edges): void {
  const first = part.chain.find((each) => !TAKES_AWAY.has(each.kind));
  if (first === undefined) return;
  for (const address of part.dependencies) {
    const needed = byAddress.get(address);
    const earlier = needed === undefined ? undefined : awaitedBy(first, needed);
    if (earlier !== undefined) edges.add(first.id, earlier);
  }
}

/**
 * Which action of what it needs an action waits for. Rule 7 says when what lies inside a machine is done to it; an export
 * of one that is stopped last must not wait for that stop where what lies inside needs the archive (rule 4).
 */
function awaitedBy(first: Action, { address, around, ready }: Part): ActionId | undefined {
  if (around === undefined) return ready;
  if (isInsideAction(first) && first.target.address === address) return undefined;
  const isExport = first.kind === "export" && first.target.address === address;
  return isExport && ready !== undefined && around.down.includes(ready) ? around.up : ready;
}

/**
 * Rule 1 for deletes: what depends on a machine is deleted, or no longer needs it, before the machine goes. Soft: what
 * was applied long ago may contradict the stack of today, and then the stack wins.
 */
function deletesInReverse(part: Part, byAddress: ReadonlyMap<Address, Part>, edges: Edges): void {
  const own = part.chain.filter(leaves);
  const updated = part.ready;
  for (const address of new Set([...part.priorDependencies, ...part.dependencies])) {
    const needed = byAddress.get(address);
    if (needed === undefined || address === part.address || isExportOf(part, address)) continue;
    const stays = part.dependencies.includes(address);
    for (const gone of needed.chain.filter(leaves)) {
      for (const each of own) edges.add(gone.id, each.id, "soft");
      const replacedFirst = needed.ready === undefined || isAfterReady(needed, gone);
      if (updated !== undefined && (!stays || replacedFirst)) edges.add(gone.id, updated, "soft");
    }
  }
}

const TAKES_AWAY: ReadonlySet<string> = new Set(["delete", "remove", "forget"]);

function leaves(action: Action): boolean {
  return action.kind === "delete" || action.kind === "remove";
}

function isAfterReady({ chain, ready }: Part, action: Action): boolean {
  return chain.findIndex((each) => each.id === ready) < chain.indexOf(action);
}

/** A key that one address lets go and another takes: put back first, then written. */
function orderSettings(parts: readonly Part[], edges: Edges): void {
  const removed = new Map<string, ActionId>();
  const settings = parts.flatMap(({ chain }) =>
    chain.flatMap((each) => ("subject" in each && each.subject === "setting" ? [each] : [])),
  );
  for (const each of settings) if (each.kind === "remove") removed.set(each.key, each.id);
  for (const each of settings) {
    const before = each.kind === "write" ? removed.get(each.key) : undefined;
    if (before !== undefined) edges.add(each.id, before);
  }
}
