import type { Diagnostic } from "./diagnostic.ts";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import type { Place } from "./place.ts";

export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";

/** Exit codes other than 1, by error code. */
const EXIT_BY_CODE: Partial<Record<ErrorCode, number>> = {
  ORB_POLICY_DENIED: 3,
  ORB_STATE_LOCKED: 4,
  ORB_PLAN_STALE: 5,
  ORB_BUG: 70,
};

/** What an {@link OrbformError} says. */
export interface ErrorFacts {
  /** At most eight words, none of them the user's data. */
  readonly summary: string;
  /** What happened and what it means for the user's machines, in full sentences. */
  readonly detail: string;
  /** One imperative, with the command to type. */
  readonly hint?: string;
  readonly address?: string;
  readonly place?: Place;
  readonly cause?: unknown;
  /** Further errors found at the same time, to be shown before this one. */
  readonly others?: readonly Diagnostic[];
  /** What is to be said of how it came to this: what held of an untrusted stack. */
  readonly notices?: readonly string[];
}

/** The one error class. Recognise it by `code`, never by `instanceof`: two copies of this module may be loaded. */
export class OrbformError extends Error {
  readonly code: ErrorCode;
  readonly summary: string;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly address: string | undefined;
  readonly place: Place | undefined;
  readonly others: readonly Diagnostic[];
  readonly notices: readonly string[];
  /** What oclif exits with. */
  readonly oclif: { readonly exit: number };

  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(`${facts.summary}. ${facts.detail}`, { cause: facts.cause });
    this.name = "OrbformError";
    this.code = code;
    this.summary = facts.summary;
    this.detail = facts.detail;
    this.hint = facts.hint;
    this.address = facts.address;
    this.place = facts.place;
    this.others = facts.others ?? [];
    this.notices = facts.notices ?? [];
    this.oclif = { exit: EXIT_BY_CODE[code] ?? 1 };
  }
}

/** A broken invariant: a bug of ours. Never caught but at the top, which exits 70 and asks for a report. */
export class InvariantError extends Error {
  readonly code = "ORB_BUG" satisfies ErrorCode;
  override readonly name = "InvariantError";
}

/** Whether a thrown value is an {@link OrbformError} of any copy of this module. */
export function isOrbformError(error: unknown): error is OrbformError {
  try {
    return hasCode(error) && (ERROR_CODES as readonly string[]).includes(error.code) && hasFacts(error);
  } catch {
    // Somebody else's value, whose getters throw.
    return false;
  }
}

/** A stack may throw anything, also something that only looks like one of ours. */
function hasFacts(error: object): boolean {
  const facts = ["summary", "detail"].map((key) => (key in error ? (Reflect.get(error, key) as unknown) : undefined));
  return facts.every((each) => typeof each === "string");
}

function hasCode(error: unknown): error is { readonly code: string } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}

/** Closes a switch over a union: a case that is missing does not compile. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}
