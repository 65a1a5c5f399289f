import type { Action, ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Change, Drift } from "../model/plan.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { ResourceState } from "../model/snapshot.ts";
import type { Around, Pause } from "../graph/part.ts";

/** What was decided about one address, before the actions of all are put in order. */
export interface Decision {
  readonly address: Address;
  readonly change?: ChangeDraft;
  /** In the order they run in; each waits for the one before. */
  readonly chain: readonly Action[];
  /** The last one that what depends on it waits for. */
  readonly ready?: ActionId;
  /** It is stopped while it is cloned. */
  readonly pause?: Pause;
  /** Of a machine inside which something is done: when. */
  readonly around?: Around;
  readonly drift?: Drift;
  /** State before anything runs, where it differs from prior; `null` = no longer in state. */
  readonly refreshed?: ResourceState | null;
  readonly settled?: DesiredResource;
  readonly diagnostics: readonly Diagnostic[];
}

/** A change but for its actions, which the chain tells. */
export type ChangeDraft = Omit<Change, "actions">;

const NONE: readonly never[] = [];

/** Nothing to do. */
export function nothing(address: Address): Decision {
  return { address, chain: NONE, diagnostics: NONE };
}

/** An address about which nothing can be decided: nothing is done to it, and the plan can't be applied. */
export function refused(address: Address, ...diagnostics: readonly Diagnostic[]): Decision {
  return { address, chain: [], diagnostics };
}

/** The last action of a chain. */
export function lastOf(chain: readonly Action[]): { readonly ready?: ActionId } {
  const last = chain.at(-1);
  return last === undefined ? {} : { ready: last.id };
}
