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
  /** Of a machine: between which of its actions what lies inside it is done. */
  readonly around?: Around;
  /** What it needs, as the stack says. */
  readonly dependencies: readonly Address[];
  /** What it needed when it was last applied. */
  readonly priorDependencies: readonly Address[];
  /** Those that take over what it lets go of: they have it first, for until then it is known as ours by this one only. */
  readonly heirs: readonly Address[];
}

/** When a machine runs, for what is done inside it. */
export interface Around {
  /** Once this is done it runs and may be worked in; absent: it does already. */
  readonly up?: ActionId;
  /** These wait until all that is done inside is done. */
  readonly down: readonly ActionId[];
  /** Those of them that are done however it ended. */
  readonly always: readonly ActionId[];
}

/** What is done around the cloning of a source that must not run meanwhile. */
export interface Pause {
  readonly stop: Action;
  readonly start: Action;
}
