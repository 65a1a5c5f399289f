import type { ResourceState, Snapshot } from "./snapshot.ts";

/**
 * A snapshot without what was on its way when it was written. What an old announcement speaks of has come, or has not, long
 * since: by now a machine that fits it may be somebody else's.
 */
export function atRest(snapshot: Snapshot): Snapshot {
  const resources = Object.entries(snapshot.resources).flatMap(([address, state]) => {
    const resting = withoutPending(state);
    return resting === undefined ? [] : [[address, resting] as const];
  });
  return { ...snapshot, resources: Object.fromEntries(resources) };
}

function withoutPending(state: ResourceState): ResourceState | undefined {
  if (state.type !== "machine" || state.pending === undefined) return state;
  const { pending: _pending, ...resting } = state;
  return resting.id === undefined && resting.deposed === undefined ? undefined : resting;
}
