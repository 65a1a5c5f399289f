import type { Diagnostic } from "../model/diagnostic.ts";
import { withoutSequences } from "../model/printable.ts";
import { ERROR_CODES, type ErrorCode, type OrbformError, isOrbformError } from "../model/errors.ts";

/** A thrown value as it is told to the user, and what the process exits with. */
export interface Failure {
  /** What happened; the first is what the exit code is for. */
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];
  readonly exit: number;
  /** What is to be said beside. */
  readonly notices: readonly string[];
}

/**
 * Reads any thrown value. Ours keep their code; mistakes in how a command was written become `ORB_USAGE`, exit 1 (oclif
 * would say 2, which means "changes present"); anything else is a bug of ours, exit 70, without its stack.
 */
export function failureOf(error: unknown): Failure {
  if (isOrbformError(error)) {
    const { oclif, notices = [] } = beside(error);
    return { diagnostics: [diagnosticOf(error), ...othersOf(error)], exit: oclif.exit, notices };
  }
  if (isOclifError(error)) return { diagnostics: [usage(withoutSequences(error.message))], exit: 1, notices: [] };
  return { diagnostics: [bug(error)], exit: 70, notices: [] };
}

/** What an {@link OrbformError} says, as a diagnostic. */
function diagnosticOf(error: OrbformError): Diagnostic {
  const { code, summary, detail, hint, address, place } = error;
  return {
    severity: "error",
    code,
    summary,
    detail,
    ...(hint === undefined ? {} : { hint }),
    ...(address === undefined ? {} : { address }),
    ...(place === undefined ? {} : { place }),
  };
}

/** Another copy of the class may be older and carry no notices. */
function beside(error: OrbformError): Pick<OrbformError, "oclif"> & Partial<Pick<OrbformError, "notices">> {
  return error;
}

/** Another copy of the class may be older and carry none. */
function othersOf(error: OrbformError): readonly Diagnostic[] {
  return "others" in error ? error.others : [];
}

function isOclifError(error: unknown): error is Error {
  return error instanceof Error && "oclif" in error && !isOurCode(error);
}

function isOurCode(error: Error): boolean {
  const codes: readonly ErrorCode[] = ERROR_CODES;
  return "code" in error && codes.some((code) => code === error.code);
}

function usage(message: string): Diagnostic {
  const [first = "", ...rest] = message.split("\n").filter((line) => line !== "See more help with --help");
  const detail = [`${first}.`.replace(/[.:]\.$/, "."), ...rest].join("\n").trimEnd();
  return {
    severity: "error",
    code: "ORB_USAGE",
    summary: "The command is not written right",
    detail,
    hint: "Add --help to the command to see what it takes.",
  };
}

function bug(error: unknown): Diagnostic {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    severity: "error",
    code: "ORB_BUG",
    summary: "Orbform has a bug",
    detail: `Something that can't happen has happened: ${message}\nWhat was under way is in the journal; the next run looks into it.`,
    hint: "Please report this with the command and this text. ORBFORM_DEBUG=1 shows where it happened.",
  };
}
