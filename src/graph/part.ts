import type { Action, ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";

/** What is done for one address. */
export interface Part {
  readonly address: Address;
  /** In the order they run in. */
  readonly chain: readonly Action[];
  /** The last one that what depends on it waits for. */
  readonly ready?: ActionId;
  /** It is stopped while it is cloned, and started again after the last clone. */
  readonly pause?: Pause;
  /** What it needs, as the stack says. */
  readonly dependencies: readonly Address[];
  /** What it needed when it was last applied. */
  readonly priorDependencies: readonly Address[];
}

/** What is done around the cloning of a source that must not run meanwhile. */
export interface Pause {
  readonly stop: Action;
  readonly start: Action;
}
