import type { ErrorCode } from "../../src/model/errors.ts";
import type { FailureKind, FailureOutcome } from "../../src/driver/errors.ts";
import type { Decision } from "../../src/execute/retry.ts";
import type { Ask } from "./asks.ts";

/** What a command line prints and how it ends. What is left out is not looked at. */
export interface Gives {
  readonly stdout?: string;
  readonly stderr?: string;
  /** `null`: a signal ended it. */
  readonly exitCode?: number | null;
  /** Text that stands somewhere on standard output. */
  readonly contains?: string;
  /** It does not return. */
  readonly never?: boolean;
}

/** What the driver makes of a case: a value (ids, addresses and sizes masked), or a failure and what follows it. */
export type Verdict =
  | { readonly value: unknown }
  | {
      readonly code: ErrorCode;
      readonly kind: FailureKind | null;
      readonly outcome: FailureOutcome | null;
      /** The executor's decision after a first attempt; of a reading call, whether it was made again. */
      readonly next: Decision;
    };

/** What the driver is asked in the same situation, and what it makes of it. */
export interface DriverSide {
  readonly ask: Ask;
  readonly makes: Verdict;
  /** What orbctl printed, word for word, where `gives` does not hold all of it. */
  readonly text?: Gives;
  /** What other commands print, by command. Default: what a quiet OrbStack without machines does. */
  readonly beside?: { readonly [command: string]: string };
  /** Only the words are put to the driver: it would not make this call of this OrbStack, or the simulator can't be so. */
  readonly wordsOnly?: true;
}

/** One line of the contract: what a command line gives in a situation, for orbctl's simulator and for its driver. */
export interface ContractCase {
  /** Section of the contract; a rule of section 1 is `1.3`, a question of section 13 `13.3`. */
  readonly section: string;
  /** In the present tense, about orbctl. */
  readonly does: string;
  /** Command lines before, words parted by spaces. */
  readonly given: readonly string[];
  readonly line: string;
  readonly stdin?: string;
  readonly env?: { readonly [name: string]: string };
  /** The caller's folder. Only in memory. */
  readonly cwd?: string;
  /** As `ORBCTL_SIM_FAULTS` has them. */
  readonly faults?: string;
  /** Version of OrbStack. Default the newest. */
  readonly version?: string;
  readonly gives: Gives;
  /** What is so afterwards: a command line and what it gives. */
  readonly leaves?: readonly (readonly [line: string, gives: Gives])[];
  /** Absent where Orbform never makes such a call. */
  readonly driver?: DriverSide;
}

type More = Omit<ContractCase, "section" | "does" | "given" | "line" | "gives">;

/** A case; `more` holds what only some have. */
export function row(
  section: string,
  does: string,
  [given, line]: readonly [given: readonly string[], line: string],
  gives: Gives,
  more: More = {},
): ContractCase {
  return { section, does, given, line, gives, ...more };
}

/** A success that prints nothing. */
export const SILENT = { stdout: "", stderr: "", exitCode: 0 } as const;

/** A failure with one text on stderr. */
export const fails = (stderr: string, exitCode = 1): Gives => ({ stdout: "", stderr: `${stderr}\n`, exitCode });

/** The failure that names a machine which is not there. */
export const missing = (name: string): Gives => fails(`[-32098] machine not found: '${name}'`);

/** A success that prints this. */
export const says = (stdout: string): Gives => ({ stdout, stderr: "", exitCode: 0 });

/** A success that prints this among other things. */
export const shows = (contains: string): Gives => ({ exitCode: 0, contains });

/** A failure in words that nobody has captured. */
export const refuses: Gives = { stdout: "", exitCode: 1 };

/** One running machine; two; one that is stopped. */
export const web = ["create ubuntu web"];
export const two = [...web, "create alma a"];
export const stopped = [...web, "stop web"];

/** The driver is asked so and succeeds, with this value. */
export function makes(ask: Ask, value?: unknown): { readonly driver: DriverSide } {
  return { driver: { ask, makes: { value } } };
}

/** A failing verdict, as {@link breaks} takes it. */
export type Failing = readonly [
  code: ErrorCode,
  kind: FailureKind | null,
  outcome: FailureOutcome | null,
  next: Decision,
];

/** The driver is asked so and fails so. */
export function breaks(ask: Ask, ...[code, kind, outcome, next]: Failing): { readonly driver: DriverSide } {
  return { driver: { ask, makes: { code, kind, outcome, next } } };
}

/** The same, where what orbctl prints is not all in `gives`. */
export function on(text: Gives, { driver }: { readonly driver: DriverSide }): { readonly driver: DriverSide } {
  return { driver: { ...driver, text } };
}

/** The driver makes this of these words; the simulator is not asked. */
export function onWords(text: Gives, { driver }: { readonly driver: DriverSide }): { readonly driver: DriverSide } {
  return { driver: { ...driver, text, wordsOnly: true } };
}

/** The same, with what other commands print. */
export function beside(
  others: { readonly [command: string]: string },
  { driver }: { readonly driver: DriverSide },
): { readonly driver: DriverSide } {
  return { driver: { ...driver, beside: others } };
}
