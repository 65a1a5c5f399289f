import type { Address } from "../model/address.ts";
import type { ResourceState } from "../model/snapshot.ts";
import type { Run } from "./run.ts";

/** A resource before and after. */
export interface StateChange {
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
}

/**
 * Writes the claims of what came into state and removes those of what left it. A claim that can't be written fails
 * nothing: it keeps other stacks away, it is not what state rests on. The run waits for them at its end.
 */
export function changeClaims(run: Run, address: Address, { before, after }: StateChange): void {
  const had = new Set(claimedBy(before));
  const has = new Set(claimedBy(after));
  const { claims } = run.ports;
  const changes = [
    ...[...has].filter((key) => !had.has(key)).map((key) => claims.write(key, address)),
    ...[...had].filter((key) => !has.has(key)).map((key) => claims.remove(key)),
  ];
  if (changes.length === 0) return;
  const all = Promise.allSettled(changes).then(() => void run.claiming.delete(all));
  run.claiming.add(all);
}

/** The keys of a resource: ids of its machine and of its predecessors, or the key of a setting. */
export function claimedBy(state: ResourceState | undefined): readonly string[] {
  if (state === undefined) return [];
  if (state.type === "setting") return [state.inputs.key];
  const own = state.id === undefined ? [] : [state.id];
  return [...own, ...(state.deposed ?? []).map((each) => each.id)];
}
