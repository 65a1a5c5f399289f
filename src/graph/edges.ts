import type { ActionId } from "../model/action.ts";

/**
 * `soft` ones give way where they would close a cycle, `name` ones are broken by a temporary name, `hard` ones stay. `turn`
 * ones are soft, and ask only that the earlier has ended, not that it has succeeded.
 */
export type EdgeKind = "hard" | "soft" | "name" | "turn";

/** The edges of a plan's graph while it is being ordered. */
export class Edges {
  readonly #byLater = new Map<ActionId, Map<ActionId, EdgeKind>>();

  /** `later` waits for `earlier`; unless told otherwise, whatever comes. A harder edge between the two wins. */
  add(later: ActionId, earlier: ActionId, kind: EdgeKind = "hard"): void {
    if (later === earlier) return;
    const edges = this.#byLater.get(later) ?? new Map<ActionId, EdgeKind>();
    this.#byLater.set(later, edges);
    const known = edges.get(earlier);
    if (known === undefined || STRENGTH[kind] > STRENGTH[known]) edges.set(earlier, kind);
  }

  remove(later: ActionId, earlier: ActionId): void {
    this.#byLater.get(later)?.delete(earlier);
  }

  /** What an action waits for, and why. */
  of(later: ActionId): ReadonlyMap<ActionId, EdgeKind> {
    return this.#byLater.get(later) ?? NONE;
  }

  /** Everything an action waits for, itself included. */
  behind(later: ActionId): ReadonlySet<ActionId> {
    const all = new Set([later]);
    for (const each of all) for (const earlier of this.of(each).keys()) all.add(earlier);
    return all;
  }

  /** The graph of some actions: each with those that come before it. */
  before(actions: Iterable<ActionId>): Map<ActionId, readonly ActionId[]> {
    const graph = new Map<ActionId, readonly ActionId[]>();
    for (const each of actions) graph.set(each, [...this.of(each).keys()]);
    return graph;
  }
}

const STRENGTH: { readonly [K in EdgeKind]: number } = { turn: 0, soft: 1, name: 2, hard: 3 };

const NONE: ReadonlyMap<ActionId, EdgeKind> = new Map();
