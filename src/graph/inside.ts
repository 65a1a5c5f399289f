import { isInsideAction, type ActionId, type InsideAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { sortTopologically } from "./dag.ts";
import type { EdgeKind, Edges } from "./edges.ts";
import type { Part } from "./part.ts";

/**
 * Rule 7: what lies inside a machine is done while it runs, one action at a time, in an order that no dependency contradicts.
 * What one address lets go and another takes is taken away first. A machine is cloned once that is done (rule 4), unless what lies inside it needs the clone.
 */
export function orderInside(parts: readonly Part[], edges: Edges): void {
  const byMachine = new Map<Address, InsideAction[]>();
  for (const { chain } of parts) {
    for (const action of chain) {
      if (!isInsideAction(action)) continue;
      const group = byMachine.get(action.target.address);
      if (group === undefined) byMachine.set(action.target.address, [action]);
      else group.push(action);
    }
  }
  if (byMachine.size > 0) for (const part of parts) within(part, byMachine.get(part.address) ?? [], edges);
  forgetLast(parts, edges);
  const heirs = heirsFirst(parts, edges);
  for (const actions of byMachine.values()) {
    takenAwayFirst(actions, edges, heirs);
    foldersAround(actions, edges);
  }
  const place = byMachine.size > 0 ? placesOf(parts, edges) : new Map<ActionId, number>();
  for (const [machine, actions] of byMachine) {
    const inOrder = actions.toSorted((left, right) => (place.get(left.id) ?? 0) - (place.get(right.id) ?? 0));
    chained(machine, inOrder, { parts, edges });
  }
}

/** By address, who has to have it first. */
type Heirs = ReadonlyMap<Address, ReadonlySet<Address>>;

function heirsFirst(parts: readonly Part[], edges: Edges): Heirs {
  const inheriting = parts.filter(({ heirs }) => heirs.length > 0);
  const byAddress = new Map(inheriting.length > 0 ? parts.map((each) => [each.address, each]) : []);
  for (const { chain, heirs } of inheriting) {
    const ready = heirs.flatMap((each) => byAddress.get(each)?.ready ?? []);
    for (const { id } of chain) for (const each of ready) edges.add(id, each, "soft");
  }
  return new Map(inheriting.map(({ address, heirs }) => [address, new Set(heirs)]));
}

/** One path, one user, one service; packages may be any. */
function takenAwayFirst(actions: readonly InsideAction[], edges: Edges, heirs: Heirs): void {
  const removed = new Map<string, InsideAction[]>();
  for (const action of actions) {
    if (action.kind !== "remove") continue;
    const key = keyOf(action);
    removed.set(key, [...(removed.get(key) ?? []), action]);
  }
  for (const action of actions) {
    if (action.kind === "remove") continue;
    for (const earlier of removed.get(keyOf(action)) ?? [])
      if (heirs.get(earlier.address)?.has(action.address) !== true) edges.add(action.id, earlier.id);
  }
}

/** A folder is there before what lies in it, and goes after it, unless the stack asks for the contrary. */
function foldersAround(actions: readonly InsideAction[], edges: Edges): void {
  const folders = new Map<string, InsideAction[]>();
  for (const action of actions) {
    const { path } = action.properties;
    if (action.subject !== "directory" || typeof path !== "string") continue;
    folders.set(path, [...(folders.get(path) ?? []), action]);
  }
  if (folders.size === 0) return;
  for (const action of actions) {
    const { path } = action.properties;
    if (typeof path !== "string") continue;
    for (const folder of foldersAbove(path).flatMap((each) => folders.get(each) ?? [])) {
      if (folder.kind !== action.kind) continue;
      if (action.kind === "remove") edges.add(folder.id, action.id, "soft");
      else edges.add(action.id, folder.id, "soft");
    }
  }
}

function foldersAbove(path: string): readonly string[] {
  const steps = path.split("/").slice(1, -1);
  return steps.map((_, index) => `/${steps.slice(0, index + 1).join("/")}`);
}

function keyOf({ subject, properties }: InsideAction): string {
  const { path, name } = properties;
  return JSON.stringify(path === undefined ? [subject, name ?? null] : ["path", path]);
}

/** Where each action stands in an order that contradicts no edge; where soft ones contradict hard ones, no hard one. */
function placesOf(parts: readonly Part[], edges: Edges): ReadonlyMap<ActionId, number> {
  const ids = parts.flatMap(({ chain, pause }) =>
    [...chain, ...(pause ? [pause.stop, pause.start] : [])].map(({ id }) => id),
  );
  const whole = sortTopologically(edges.before(ids));
  const { order } = whole.stuck.length === 0 ? whole : sortTopologically(hardOnly(ids, edges));
  return new Map(order.map((id, place) => [id, place]));
}

function isHard([, kind]: readonly [ActionId, EdgeKind]): boolean {
  return kind === "hard";
}

function hardOnly(ids: readonly ActionId[], edges: Edges): Map<ActionId, readonly ActionId[]> {
  return new Map(ids.map((id) => [id, [...edges.of(id)].filter(isHard).map(([earlier]) => earlier)]));
}

function within({ around, pause }: Part, actions: readonly InsideAction[], edges: Edges): void {
  for (const { id } of actions) {
    if (around?.up !== undefined) edges.add(id, around.up);
    for (const down of around?.down ?? [])
      edges.add(down, id, around?.always.includes(down) === true ? "turn" : "hard");
    if (pause !== undefined) edges.add(pause.stop.id, id);
  }
}

interface Graph {
  readonly parts: readonly Part[];
  readonly edges: Edges;
}

function chained(machine: Address, actions: readonly InsideAction[], { parts, edges }: Graph): void {
  let before: ActionId | undefined;
  // Each waits for its turn, not for the others' success.
  for (const { id } of actions) {
    if (before !== undefined) edges.add(id, before, "turn");
    before = id;
  }
  if (before === undefined) return;
  for (const { chain } of parts) {
    for (const action of chain) {
      if (action.kind !== "clone" || action.source.address !== machine) continue;
      for (const { id } of actions) edges.add(action.id, id, "soft");
    }
  }
}

/** What lay inside a machine that is deleted is forgotten once that is gone, not before. */
function forgetLast(parts: readonly Part[], edges: Edges): void {
  const deletes = new Map<Address, ActionId>();
  for (const { address, chain } of parts) {
    const last = chain.findLast((each) => each.kind === "delete");
    if (last !== undefined) deletes.set(address, last.id);
  }
  for (const { chain, priorDependencies } of parts) {
    for (const action of chain) {
      if (action.kind !== "forget") continue;
      for (const address of priorDependencies) {
        const gone = deletes.get(address);
        if (gone !== undefined) edges.add(action.id, gone);
      }
    }
  }
}
