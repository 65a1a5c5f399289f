import type { Address } from "../model/address.ts";
import type { ResourceState } from "../model/snapshot.ts";
import type { Run } from "./run.ts";

/** A resource before and after. */
export interface StateChange {
  readonly address: Address;
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
}

/**
 * Writes the claims of what came into state and removes those of what left it; what only moved to another address among
 * these changes keeps its claim. A claim that can't be written fails nothing: it keeps other stacks away, it is not what
 * state rests on. The run waits for them at its end.
 */
export function changeClaims(run: Run, ...changes: readonly StateChange[]): void {
  const had = keysOf(changes, "before");
  const has = keysOf(changes, "after");
  const { claims } = run.ports;
  for (const [key, address] of has) if (had.get(key) !== address) enqueue(run, key, () => claims.write(key, address));
  for (const key of had.keys()) if (!has.has(key)) enqueue(run, key, () => claims.remove(key));
}

/** The keys of a resource: ids of its machine and of its predecessors, or the key of a setting. */
export function claimedBy(state: ResourceState | undefined): readonly string[] {
  if (state === undefined) return [];
  if (state.type === "setting") return [state.inputs.key];
  // Whoever has the machine has what lies inside; archives are known by their mark.
  if (state.type !== "machine") return [];
  const own = state.id === undefined ? [] : [state.id];
  return [...own, ...(state.deposed ?? []).map((each) => each.id)];
}

function keysOf(changes: readonly StateChange[], when: "before" | "after"): ReadonlyMap<string, Address> {
  return new Map(changes.flatMap((each) => claimedBy(each[when]).map((key) => [key, each.address] as const)));
}

/** One at a time for each key, in the order of the changes. */
function enqueue(run: Run, key: string, change: () => Promise<void>): void {
  const earlier = run.claiming.get(key);
  const done = (earlier ? earlier.then(change) : change()).catch(() => undefined);
  run.claiming.set(key, done);
}
