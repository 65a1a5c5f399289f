import type { Address } from "./address.ts";
import type { MachineResource, ResourceState, Snapshot } from "./snapshot.ts";

/**
 * An older snapshot without what was on its way when it was written, but for what the present one says of the same machine.
 * What an old announcement speaks of has come, or has not, long since: by now a machine that fits it may be somebody else's,
 * and one that was to go may be managed elsewhere.
 */
export function atRest(snapshot: Snapshot, present: Snapshot): Snapshot {
  const resources = Object.entries(snapshot.resources).flatMap(([address, state]) => {
    const resting = state.type === "machine" ? settled(state, present.resources[address as Address]) : state;
    return resting === undefined ? [] : [[address, resting] as const];
  });
  return { ...snapshot, resources: Object.fromEntries(resources) };
}

function settled(state: MachineResource, present: ResourceState | undefined): MachineResource | undefined {
  const now = present?.type === "machine" ? present : undefined;
  const { pending: _pending, returnTo: _power, halfDeleted: _name, identityOwed: _owed, deposed = [], ...rest } = state;
  const going = deposed.filter(({ id }) => now?.deposed?.some((each) => each.id === id));
  if (rest.id === undefined && going.length === 0) return undefined;
  const same = now !== undefined && now.id === rest.id ? now : undefined;
  return {
    ...rest,
    ...(going.length > 0 && { deposed: going }),
    ...(same?.returnTo !== undefined && { returnTo: same.returnTo }),
    ...(same?.halfDeleted !== undefined && { halfDeleted: same.halfDeleted }),
    ...(same?.identityOwed !== undefined && { identityOwed: same.identityOwed }),
  };
}
