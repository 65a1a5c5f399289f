import type { Address } from "../model/address.ts";
import type { LiveState } from "../model/live.ts";
import type { HashText } from "../model/inside-wish.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { PlanMode } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** Everything a plan is made from. The same input gives the same plan to the byte. */
export interface PlanInput {
  readonly desired: DesiredState;
  /** The last snapshot with its journal folded in. */
  readonly prior: Snapshot;
  readonly live: LiveState;
  readonly durations: Durations;
  readonly options: PlanOptions;
  /** Hex SHA-256 of a value's canonical JSON. */
  readonly digest: Digest;
  /** Hex SHA-256 of a text: of what a file is to hold. */
  readonly hashText: HashText;
}

/** Learned durations in milliseconds, by `kind` and, closer, by `kind address`. */
export type Durations = ReadonlyMap<string, number>;

/** A machine to be taken into state: the one with the stack's name, or the one named here. */
export type AdoptRequest = Address | { readonly address: Address; readonly name: string };

/** What a plan is asked for beyond making live what the stack says. */
export interface PlanOptions {
  readonly mode: PlanMode;
  /** Only these and what they need; empty = everything. */
  readonly targets: readonly Address[];
  /** Not these, and not what needs them. */
  readonly excludes: readonly Address[];
  /** Made again although nothing asks for it. */
  readonly replace: readonly Address[];
  readonly adopt: readonly AdoptRequest[];
  /** An adopted machine may be replaced or deleted by this very plan. */
  readonly allowReplace: boolean;
}
