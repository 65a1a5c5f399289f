import { OrbformError, type ErrorCode, type ErrorFacts } from "../model/errors.ts";

/**
 * What is certain about a machine after an operation failed:
 * `nothing` – it surely did nothing; `unknown` – it may have been done, look first; `done` – the wanted state was
 * already there; `refused` – it did nothing and will not.
 */
export type FailureOutcome = "nothing" | "unknown" | "done" | "refused";

/** Why an operation failed, in words that the retry table knows. */
export type FailureKind =
  | "already exists"
  | "not found"
  | "image not found"
  | "download failed"
  | "no address"
  | "shutdown"
  | "crashed"
  | "in transition"
  | "service starting"
  | "transport"
  | "timed out"
  | "no space"
  | "refused"
  | "no program"
  /** A script inside is at work beyond its time. */
  | "at work"
  /** Nobody can tell whether a command ran, or what became of an export: trying again is nobody's but the user's. */
  | "untold"
  | "other";

/** A failure of the driver. `code` tells users, `kind` and `outcome` tell the executor. */
export class DriverError extends OrbformError {
  readonly kind: FailureKind;
  readonly outcome: FailureOutcome;

  constructor(code: ErrorCode, facts: ErrorFacts & { readonly kind: FailureKind; readonly outcome: FailureOutcome }) {
    super(code, facts);
    this.kind = facts.kind;
    this.outcome = facts.outcome;
  }
}

/** Whether a thrown value is a {@link DriverError}, of any copy of this module. */
export function isDriverError(error: unknown): error is DriverError {
  return typeof error === "object" && error !== null && "code" in error && "kind" in error && "outcome" in error;
}
