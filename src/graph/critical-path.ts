import { waitsFor, type ActionId } from "../model/action.ts";
import { sortTopologically } from "./dag.ts";

/** What the longest path needs to know of an action. */
export interface Timed {
  readonly id: ActionId;
  readonly after: readonly ActionId[];
  readonly afterEnd?: readonly ActionId[];
  readonly expectedMs: number;
}

/**
 * For each action the longest expected time from its start to the end of everything that waits for it. Milliseconds.
 * Linear in actions and edges. Actions on a cycle are left out.
 */
export function remainingMs(actions: readonly Timed[]): Map<ActionId, number> {
  const byId = new Map(actions.map((each) => [each.id, each]));
  const { order } = sortTopologically(new Map(actions.map((each) => [each.id, waitsFor(each)])));
  const longest = new Map<ActionId, number>(actions.map((each) => [each.id, 0]));
  const remaining = new Map<ActionId, number>();
  for (const id of order.toReversed()) {
    const action = byId.get(id);
    if (action === undefined) continue;
    const total = action.expectedMs + (longest.get(id) ?? 0);
    remaining.set(id, total);
    for (const each of waitsFor(action)) longest.set(each, Math.max(longest.get(each) ?? 0, total));
  }
  return remaining;
}
