import type { Address } from "./address.ts";
import type { Value } from "./value.ts";

/** How a resource lives. The last applied one holds for a resource that has left the stack. */
export interface Lifecycle {
  /** A plan that would delete or replace it fails. Default false. */
  readonly preventDestroy: boolean;
  /** Properties never compared: desired := live. */
  readonly ignoreChanges: readonly string[];
  /** Replaced when any of these values changes; an unknown one counts as changed. */
  readonly replaceWhen: readonly Value[];
  /** On replace, the new one is made and ready before the old one goes. Default false. */
  readonly createBeforeDestroy: boolean;
  /** Addresses it stood at before. */
  readonly aliases: readonly Address[];
  /** When it leaves the stack it is forgotten, not deleted. Default false. */
  readonly retain: boolean;
  /** Milliseconds by action kind; absent = the kind's default. */
  readonly timeoutsMs: { readonly [kind: string]: number };
  /** How often an action that surely did nothing is tried again. Default 3. */
  readonly retries: number;
}

/** What holds where a resource says nothing about its lifecycle. */
export const DEFAULT_LIFECYCLE: Lifecycle = {
  preventDestroy: false,
  ignoreChanges: [],
  replaceWhen: [],
  createBeforeDestroy: false,
  aliases: [],
  retain: false,
  timeoutsMs: {},
  retries: 3,
};
