/** A directed graph: each node with those that must come before it. Nodes that are only named as such are ignored. */
export type Before<N extends string> = ReadonlyMap<N, Iterable<N>>;

/** Nodes in an order in which each comes after those before it; what a cycle keeps from being ordered is `stuck`. */
export interface Sorted<N extends string> {
  readonly order: readonly N[];
  readonly stuck: readonly N[];
}

/**
 * Sorts topologically (Kahn), in linear time but for sorting the nodes once. Deterministic: among those that are ready,
 * first come those made ready first, and at the start in the order of their names.
 */
export function sortTopologically<N extends string>(before: Before<N>): Sorted<N> {
  const after = reverse(before);
  const waiting = new Map<N, number>();
  for (const [node, earlier] of before) waiting.set(node, countKnown(before, earlier));
  const order = [...before.keys()].filter((node) => waiting.get(node) === 0).toSorted(byCodeUnit);
  for (let next = 0; next < order.length; next += 1) {
    const node = order[next];
    for (const later of (node !== undefined && after.get(node)) || []) {
      const left = (waiting.get(later) ?? 0) - 1;
      waiting.set(later, left);
      if (left === 0) order.push(later);
    }
  }
  if (order.length === before.size) return { order, stuck: [] };
  const done = new Set(order);
  return { order, stuck: [...before.keys()].filter((node) => !done.has(node)).toSorted(byCodeUnit) };
}

/** The graph the other way round: each node with those that come after it, in the order of `before`. */
export function reverse<N extends string>(before: Before<N>): Map<N, N[]> {
  const after = new Map<N, N[]>();
  for (const node of before.keys()) after.set(node, []);
  for (const [node, earlier] of before) {
    for (const each of once(earlier)) after.get(each)?.push(node);
  }
  return after;
}

/** All that `start` needs, itself included, however far away. */
export function closure<N extends string>(start: Iterable<N>, next: ReadonlyMap<N, Iterable<N>>): Set<N> {
  const found = new Set(start);
  for (const node of found) {
    for (const each of next.get(node) ?? []) found.add(each);
  }
  return found;
}

/** The shortest cycle through any of the nodes, from its smallest node on; `undefined` where there is none. */
export function shortestCycle<N extends string>(before: Before<N>): readonly N[] | undefined {
  const { stuck } = sortTopologically(before);
  let shortest: readonly N[] | undefined;
  for (const start of stuck) {
    const cycle = cycleThrough(start, before);
    if (cycle !== undefined && (shortest === undefined || cycle.length < shortest.length)) shortest = cycle;
    if (shortest !== undefined && shortest.length <= 2) break;
  }
  return shortest;
}

function cycleThrough<N extends string>(start: N, before: Before<N>): readonly N[] | undefined {
  const cameFrom = new Map<N, N>();
  const queue: N[] = [start];
  for (const node of queue) {
    for (const each of before.get(node) ?? []) {
      if (each === start) return pathTo(node, start, cameFrom);
      if (!before.has(each) || cameFrom.has(each)) continue;
      cameFrom.set(each, node);
      queue.push(each);
    }
  }
  return undefined;
}

function pathTo<N extends string>(end: N, start: N, cameFrom: ReadonlyMap<N, N>): readonly N[] {
  const path: N[] = [];
  for (let node: N | undefined = end; node !== undefined && node !== start; node = cameFrom.get(node)) path.push(node);
  return [start, ...path.toReversed()];
}

function countKnown<N extends string>(before: Before<N>, earlier: Iterable<N>): number {
  let count = 0;
  for (const each of once(earlier)) if (before.has(each)) count += 1;
  return count;
}

/** Each once. Most nodes have at most one before them, and then there is nothing to make. */
function once<N extends string>(nodes: Iterable<N>): Iterable<N> {
  return Array.isArray(nodes) && nodes.length < 2 ? nodes : new Set(nodes);
}

/** Orders texts the same everywhere: by code unit, not by locale. */
export function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
