import type { JsonObject } from "./json.ts";

/** A machine that exists, as the code of a stack declares it. */
export interface AuthoredMachine {
  /** Its key in `resources`: an identifier, unlike every other one's. */
  readonly key: string;
  /** The machine's name now. */
  readonly name: string;
  /** What `machine` is called with, in the order of the stack reference. */
  readonly input: JsonObject;
  /** What the code can't say, for comments. Whatever OrbStack reported may stand in them. */
  readonly remarks: readonly string[];
}

/** A machine for which no code is written. */
export interface LeftOut {
  readonly name: string;
  /** Ends a sentence that begins with its name: `it is built into OrbStack`. */
  readonly why: string;
}
