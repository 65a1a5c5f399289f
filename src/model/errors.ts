import type { Place } from "./place.ts";

/**
 * Every code an error or diagnostic of Orbform can carry. Stable: scripts match on them.
 * The exit code is 1 unless `EXIT_BY_CODE` says otherwise.
 */
export const ERROR_CODES = [
  // the stack and its inputs
  "ORB_STACK_NOT_FOUND",
  "ORB_STACK_AMBIGUOUS",
  "ORB_STACK_SYNTAX",
  "ORB_STACK_FAILED",
  "ORB_STACK_NO_EXPORT",
  "ORB_STACK_INVALID",
  "ORB_STACK_NAME",
  "ORB_DUPLICATE_NAME",
  "ORB_DUPLICATE_KEY",
  "ORB_DUPLICATE_SETTING",
  "ORB_DUPLICATE_DEFAULT",
  "ORB_UNKNOWN_REFERENCE",
  "ORB_DEPENDENCY_CYCLE",
  "ORB_INPUT_INVALID",
  "ORB_PROPERTY_INVALID",
  "ORB_PROPERTY_UNKNOWN",
  "ORB_VALUE_UNKNOWN",
  "ORB_RESOURCE_UNLISTED",
  "ORB_CONFIG_INVALID",
  // the driver and what it talks to
  "ORB_NO_ORBCTL",
  "ORB_SERVICE_STOPPED",
  "ORB_LIST_UNREADABLE",
  "ORB_LIST_INCONSISTENT",
  "ORB_ORBCTL_FAILED",
  "ORB_ORBCTL_TIMEOUT",
  "ORB_NOT_CAPABLE",
  "ORB_NAME_REFUSED",
  "ORB_MACHINE_IN_TRANSITION",
  "ORB_MACHINE_NOT_FOUND",
  "ORB_ALREADY_EXISTS",
  "ORB_IMAGE_NOT_FOUND",
  "ORB_NO_ADDRESS",
  "ORB_DISK_FULL",
  "ORB_CONNECTION",
  "ORB_COMMAND_FAILED",
  // identity
  "ORB_NAME_TAKEN",
  "ORB_REPLACED_OUTSIDE",
  "ORB_OTHER_WORLD",
  "ORB_CLAIMED",
  "ORB_ADOPT_REFUSED",
  "ORB_RECOVERY_UNCLEAR",
  "ORB_ALL_GONE",
  "ORB_PREVENT_DESTROY",
  "ORB_DISK_SHRINK",
  // applying
  "ORB_ACTION_FAILED",
  "ORB_NOT_READY",
  "ORB_PLAN_STALE",
  "ORB_APPLY_INCOMPLETE",
  "ORB_INTERRUPTED",
  "ORB_NOT_APPROVED",
  "ORB_POLICY_DENIED",
  // state
  "ORB_STATE_LOCKED",
  "ORB_STATE_CORRUPT",
  "ORB_STATE_NEWER",
  "ORB_STATE_FOREIGN",
  "ORB_STATE_UNWRITABLE",
  "ORB_STATE_UNREADABLE",
  "ORB_STATE_CONFLICT",
  "ORB_STATE_MISSING",
  "ORB_JOURNAL_CORRUPT",
  // the command line
  "ORB_USAGE",
  "ORB_ADDRESS_UNKNOWN",
  "ORB_FILE_EXISTS",
  "ORB_BUG",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

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
}

/** The one error class. Recognise it by `code`, never by `instanceof`: two copies of this module may be loaded. */
export class OrbformError extends Error {
  readonly code: ErrorCode;
  readonly summary: string;
  readonly detail: string;
  readonly hint: string | undefined;
  readonly address: string | undefined;
  readonly place: Place | undefined;
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
  return hasCode(error) && (ERROR_CODES as readonly string[]).includes(error.code) && "summary" in error;
}

function hasCode(error: unknown): error is { readonly code: string } {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}

/** Closes a switch over a union: a case that is missing does not compile. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}
