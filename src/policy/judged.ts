import type { Address } from "../model/address.ts";
import type { LiveState } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";

/** A plan that policies are asked about, and the worlds it was made from. */
export interface Judged {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly prior: Snapshot;
  readonly live: LiveState;
}

/** What the state holds at an address once it is refreshed; what moved stands at its new address. */
export function stateAt({ plan: { refreshed }, prior }: Judged, address: Address): ResourceState | undefined {
  if (Object.hasOwn(refreshed, address)) return refreshed[address] ?? undefined;
  return Object.hasOwn(prior.resources, address) ? prior.resources[address] : undefined;
}
