import type { ErrorCode } from "./error-codes.ts";
import type { Place } from "./place.ts";

/** Something to tell the user that pure code found. Errors accumulate; none is thrown. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  /** At most eight words, none of them the user's data. */
  readonly summary: string;
  readonly detail: string;
  readonly hint?: string;
  readonly address?: string;
  readonly place?: Place;
}

/** A result of pure code, with what it found on the way. `value` is usable only where no diagnostic is an error. */
export interface Diagnosed<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((each) => each.severity === "error");
}
