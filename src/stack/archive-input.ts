import type { Data, InsideLifecycle } from "./inside-input.ts";
import type { Machine } from "./machine.ts";

/** How many archives are kept. What any rule keeps stays; each is a whole number from 1. */
export interface KeepInput {
  /** The newest ones. */
  readonly last?: number | undefined;
  /** The newest one of each of the last days, ISO weeks or months that have any, in UTC. */
  readonly daily?: number | undefined;
  readonly weekly?: number | undefined;
  readonly monthly?: number | undefined;
}

/** An archive of a machine. */
export interface ArchiveInput {
  /** The machine of the stack that is exported. */
  readonly of: Machine;
  /** The folder it is put into, seen from the project's folder; made where missing. */
  readonly dir: string;
  /** How many of those it made are kept when a new one is made; a number is `{ last: … }`. @default all of them */
  readonly keep?: number | KeepInput | undefined;
  /** It is exported again when any of this is another. */
  readonly triggers?: Data | undefined;
  /** Every plan reads the whole archive for its digest, and not only its size and metadata. @default false */
  readonly verify?: boolean | undefined;
  readonly lifecycle?: InsideLifecycle<"keep" | "triggers"> | undefined;
}
