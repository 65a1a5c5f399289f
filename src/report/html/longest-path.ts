import { waitsFor, type Action, type ActionId } from "../../model/action.ts";
import { DEFAULT_LIMITS, laneOf } from "../../model/limits.ts";

/** How long a plan is expected to take. Milliseconds. */
export interface Timing {
  /** With as much at a time as the order allows: what the longest path takes. */
  readonly pathMs: number;
  /** With one action at a time. */
  readonly workMs: number;
  /** The actions of the longest path, first to last. */
  readonly path: readonly ActionId[];
}

type Step = Pick<Action, "id" | "after" | "afterEnd" | "expectedMs">;

/** The longest path through actions by expected time; of equal ones the one that comes first. Linear. */
export function longestPath(actions: readonly Step[]): Timing {
  const byId = new Map(actions.map((each) => [each.id, each]));
  const ends = new Map<ActionId, number>();
  const via = new Map<ActionId, ActionId>();
  let last: ActionId | undefined;
  for (const id of inOrder(actions)) {
    const action = byId.get(id);
    if (action === undefined) continue;
    let start = 0;
    for (const each of waitsFor(action)) {
      const end = ends.get(each) ?? 0;
      if (end <= start && via.has(id)) continue;
      if (ends.has(each)) via.set(id, each);
      start = end;
    }
    ends.set(id, start + action.expectedMs);
    if (last === undefined || start + action.expectedMs > (ends.get(last) ?? 0)) last = id;
  }
  const workMs = actions.reduce((sum, each) => sum + each.expectedMs, 0);
  return { pathMs: last === undefined ? 0 : (ends.get(last) ?? 0), workMs, path: pathTo(last, via) };
}

/** What actions take where as many as the default limits allow are always under way, of all and of each kind. Milliseconds. */
export function limitedMs(actions: readonly Action[]): number {
  const { global, byKind } = DEFAULT_LIMITS;
  const work = new Map<string, number>();
  for (const action of actions) {
    for (const each of ["", laneOf(action)]) work.set(each, (work.get(each) ?? 0) + action.expectedMs);
  }
  return Math.max(0, ...[...work].map(([kind, ms]) => Math.ceil(ms / Math.min(global, byKind[kind] ?? global))));
}

function pathTo(last: ActionId | undefined, via: ReadonlyMap<ActionId, ActionId>): readonly ActionId[] {
  const path: ActionId[] = [];
  for (let id = last; id !== undefined; id = via.get(id)) path.push(id);
  return path.toReversed();
}

/** Actions in an order they can run in (Kahn), those that are ready first as they come; what is on a cycle is left out. */
export function inOrder(actions: readonly Pick<Step, "id" | "after" | "afterEnd">[]): readonly ActionId[] {
  const known = new Set(actions.map((each) => each.id));
  const later = new Map<ActionId, ActionId[]>(actions.map((each) => [each.id, []]));
  const waiting = new Map<ActionId, number>();
  for (const action of actions) {
    const earlier = [...new Set(waitsFor(action))].filter((each) => known.has(each));
    waiting.set(action.id, earlier.length);
    for (const each of earlier) later.get(each)?.push(action.id);
  }
  const order = actions.map((each) => each.id).filter((id) => waiting.get(id) === 0);
  for (const id of order) {
    for (const each of later.get(id) ?? []) {
      const left = (waiting.get(each) ?? 0) - 1;
      waiting.set(each, left);
      if (left === 0) order.push(each);
    }
  }
  return order;
}
