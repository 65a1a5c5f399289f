import { DriverError } from "../errors.ts";
import { printable } from "../../model/printable.ts";
import type { OrbctlOutput } from "./call.ts";
import { FAILURES, type Failure } from "./failures.ts";
import { isServiceError, outputLines } from "./output-lines.ts";

/** What was being done, for the words of the error and for what its outcome means. */
export interface Doing {
  /** The command: `create`. */
  readonly command: string;
  /** The machine, image or key it was for, as users know it. */
  readonly subject?: string;
  /** It only reads, so a failure of it has changed nothing. */
  readonly reading?: true;
}

/** The most of orbctl's own words that is repeated. Characters. */
const LONGEST_MESSAGE = 600;

/**
 * Turns a call that failed into the error users see and the executor decides by. All lines of both streams are looked
 * at: an update box may follow the error, and the `[-32098] ` prefix may be missing.
 */
export function classify(output: OrbctlOutput, doing: Doing): DriverError {
  if (output.timedOut || output.aborted) return interrupted(output, doing);
  const message = errorMessage(output);
  const said = withoutNames(message);
  const failure = FAILURES.find((each) => each.matches(said));
  return failure ? known(failure, message, doing) : unexplained(output, message, doing);
}

/** The message without the names that it quotes: a machine called `dial` must not pass for the word of an error. */
function withoutNames(message: string): string {
  return message.replaceAll(/'[^'\s]*'/g, "''");
}

/** The words that say why: lines of OrbStack's service first, else all lines of both streams. */
export function errorMessage(output: Pick<OrbctlOutput, "stdout" | "stderr">): string {
  const lines = [...outputLines(output.stderr), ...outputLines(output.stdout)];
  const said = lines.filter((line) => line.trim() !== "");
  const service = said.filter(isServiceError);
  return (service.length > 0 ? service : said).map((line) => line.trim()).join("\n");
}

/** Our wait ended, not the work: whatever the client was to do may have been done. */
function interrupted(output: OrbctlOutput, doing: Doing): DriverError {
  const why = output.timedOut ? "did not answer in time" : "was stopped before it answered";
  return new DriverError(output.timedOut ? "ORB_ORBCTL_TIMEOUT" : "ORB_INTERRUPTED", {
    kind: "timed out",
    outcome: "unknown",
    summary: output.timedOut ? "OrbStack did not answer in time" : "A call of OrbStack was stopped",
    detail: `"orbctl ${doing.command}"${about(doing)} ${why}. ${afterwards(doing)}`,
    hint: 'Look at "orbctl status" and "orbctl list", then try again.',
  });
}

function known(failure: Failure, message: string, doing: Doing): DriverError {
  const outcome = typeof failure.outcome === "string" ? failure.outcome : failure.outcome(doing.command);
  return new DriverError(failure.code, {
    kind: failure.kind,
    outcome,
    summary: failure.summary,
    detail: `"orbctl ${doing.command}"${about(doing)} failed: ${shown(message)}`,
    hint: failure.hint,
  });
}

/** Nothing is certain of a failure whose words are not known. */
function unexplained(output: OrbctlOutput, message: string, doing: Doing): DriverError {
  const ending = output.exitCode === null ? "was ended by a signal" : `failed with exit code ${output.exitCode}`;
  const words = message === "" ? "It said nothing." : `It said: ${sentence(shown(message))}`;
  return new DriverError("ORB_ORBCTL_FAILED", {
    kind: "other",
    outcome: "unknown",
    summary: "A call of OrbStack failed",
    detail: `"orbctl ${doing.command}"${about(doing)} ${ending}. ${words} ${afterwards(doing)}`,
    hint: 'Look at "orbctl status" and "orbctl list", then try again.',
  });
}

function afterwards(doing: Doing): string {
  return doing.reading ? "Nothing was changed." : "Whether it was done is not known.";
}

function about(doing: Doing): string {
  return doing.subject === undefined ? "" : ` for ${JSON.stringify(printable(doing.subject))}`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function shown(message: string): string {
  const text = printable(message.replace(/^\[-32\d*\]\s*/, ""));
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
