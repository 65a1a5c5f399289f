import type { Address } from "../model/address.ts";
import type { DesiredResource } from "../model/resource.ts";
import { renamedReferences } from "../model/renamed.ts";
import type { ResourceState } from "../model/snapshot.ts";

/** The prior resources under the addresses their stack gives them now. */
export interface Moved {
  readonly resources: ReadonlyMap<Address, ResourceState>;
  /** New address → the one it stands at in the snapshot. */
  readonly from: ReadonlyMap<Address, Address>;
}

/**
 * Follows `aliases`: a resource that is at an old address in the snapshot, and that no longer stands there in the stack,
 * is the one at its new address. The first alias that fits wins; a resource already at its address stays.
 */
export function followAliases(
  desired: ReadonlyMap<Address, DesiredResource>,
  prior: ReadonlyMap<Address, ResourceState>,
): Moved {
  const from = new Map<Address, Address>();
  const taken = new Set<Address>();
  for (const [address, resource] of desired) {
    const old = prior.has(address) ? undefined : resource.lifecycle.aliases.find(isFree);
    if (old === undefined || prior.get(old)?.type !== resource.type) continue;
    from.set(address, old);
    taken.add(old);
  }
  return { resources: from.size === 0 ? prior : renamed(prior, from), from };

  function isFree(alias: Address): boolean {
    return prior.has(alias) && !desired.has(alias) && !taken.has(alias);
  }
}

function renamed(
  prior: ReadonlyMap<Address, ResourceState>,
  from: ReadonlyMap<Address, Address>,
): ReadonlyMap<Address, ResourceState> {
  const moved = new Map([...from].map(([address, old]) => [old, address]));
  const now = (address: Address): Address => moved.get(address) ?? address;
  return new Map([...prior].map(([address, resource]) => [now(address), renamedReferences(resource, now)]));
}
