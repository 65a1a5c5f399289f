import {
  isInsideAction,
  type Action,
  type ActionId,
  type CloneAction,
  type ExportAction,
  type RenameAction,
} from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Edges } from "./edges.ts";
import type { Part } from "./part.ts";

/**
 * Rule 4 for exports: a machine is exported after all that this plan does to it, what lies inside it and its final name
 * included, unless that needs the archive; one export of it at a time. What gives way is never done meanwhile: each
 * action has an edge of its own, and one that comes back only where it contradicts nothing tells that there is an order.
 */
export function orderExports(parts: readonly Part[], edges: Edges): void {
  const byMachine = new Map<Address, ExportAction[]>();
  for (const { chain } of parts) {
    for (const action of chain) {
      if (action.kind !== "export") continue;
      const group = byMachine.get(action.target.address);
      if (group === undefined) byMachine.set(action.target.address, [action]);
      else group.push(action);
    }
  }
  if (byMachine.size === 0) return;
  for (const part of parts) {
    for (const { id } of byMachine.get(part.address) ?? []) {
      for (const earlier of doneTo(part)) edges.add(id, earlier, "soft");
    }
    for (const action of part.chain.filter(isInsideAction)) {
      for (const { id } of byMachine.get(action.target.address) ?? []) edges.add(id, action.id, "soft");
    }
  }
  for (const group of byMachine.values()) oneAtATime(group, edges);
}

function doneTo({ chain, pause }: Part): readonly ActionId[] {
  const around = pause === undefined ? [] : [pause.stop.id, pause.start.id];
  return [...chain.map(({ id }) => id), ...around];
}

/** Each waits for its turn, not for the others' success. */
function oneAtATime(group: readonly Action[], edges: Edges): void {
  let before: ActionId | undefined;
  for (const { id } of group) {
    if (before !== undefined) edges.add(id, before, "turn");
    before = id;
  }
}

/** Whether a part exports the machine at an address: then what goes there, goes before. */
export function isExportOf({ chain }: Part, machine: Address): boolean {
  return chain.some((each) => each.kind === "export" && each.target.address === machine);
}

/**
 * Clones of a machine that is exported, and names that it gets for the way, are in no order with its export where nothing
 * else asks for one. None of them waits for another's success.
 */
export function keepExportsApart(actions: ReadonlyMap<ActionId, Action>, edges: Edges): void {
  const exports = [...actions.values()].filter((each) => each.kind === "export");
  if (exports.length === 0) return;
  const others = byMachine([...actions.values()].filter(isUnordered));
  for (const each of exports) {
    const group = others.get(keyOf(each.target));
    if (group === undefined) continue;
    const before = new Set(edges.behind(each.id));
    // Clones of one machine are chained: with the last of them, the others are behind it.
    for (const other of group.toReversed()) {
      const behind = before.has(other.id) ? undefined : edges.behind(other.id);
      if (behind === undefined || behind.has(each.id)) continue;
      if (other.kind === "rename") {
        edges.add(other.id, each.id, "turn");
        continue;
      }
      edges.add(each.id, other.id, "turn");
      for (const earlier of behind) before.add(earlier);
    }
  }
}

function byMachine(
  actions: readonly (CloneAction | RenameAction)[],
): ReadonlyMap<string, readonly (CloneAction | RenameAction)[]> {
  const groups = new Map<string, (CloneAction | RenameAction)[]>();
  for (const action of actions) {
    const key = keyOf(action.kind === "clone" ? action.source : action.target);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [action]);
    else group.push(action);
  }
  return groups;
}

function isUnordered(action: Action): action is CloneAction | RenameAction {
  return action.kind === "clone" || action.kind === "rename";
}

function keyOf({ id, address }: ExportAction["target"]): string {
  return id ?? address;
}
