import { isOrbformError } from "../model/errors.ts";
import { printable } from "../model/printable.ts";
import type { Driver, ExecRequest } from "../driver/driver.ts";
import { DriverError } from "../driver/errors.ts";
import { readWord } from "./hold.ts";
import { busy } from "./look.ts";
import { readVerdict, refusalSentence, type Refusal, type Verdict } from "./verdict.ts";
import { argument } from "./words.ts";

/** A script that changes something inside a machine. */
export interface Carrying {
  readonly script: string;
  readonly token: string;
  readonly stdin?: Uint8Array;
  /** What programs print there may be secret: no error repeats it. @default false */
  readonly quiet?: boolean;
}

/** How it is carried out. */
export type CarryRequest = Pick<ExecRequest, "machine" | "signal" | "begin">;

/** Longest part of what a command printed that is repeated. Characters. */
const LONGEST_OUTPUT = 1000;

/**
 * Runs a script in a running machine, as root. Whoever says no there, says so by the script's own verdict; without one it
 * is not known how far it came. Errors: the driver's, `ORB_GUEST_UNREADABLE` (unknown), `ORB_COMMAND_FAILED` (refused),
 * `ORB_GUEST_BUSY` (another is at work there; nothing was done), and `ORB_PROPERTY_INVALID` before anything is run.
 */
export async function carryInside(
  driver: Pick<Driver, "exec">,
  request: CarryRequest,
  { script, token, stdin, quiet = false }: Carrying,
): Promise<void> {
  const command = ["sh", "-c", fitting(script)];
  const { stdout } = await driver.exec({ ...request, command, user: "root", ...(stdin && { stdin }) });
  const said = readWord(stdout, token);
  if (said !== undefined) throw said.word === "no-room" ? noRoom() : busy();
  const verdict = verdictOf(stdout, token);
  if (verdict.status === "done" || (verdict.status === "ended" && verdict.code === 0)) return;
  throw endedBadly(verdict, sentence(verdict, quiet));
}

function endedBadly(verdict: Exclude<Verdict, { status: "done" }>, detail: string): DriverError {
  if (verdict.status === "ended") return failed(detail, "ended");
  if (verdict.reason === "another-user") return another(detail);
  const isNone = NOT_BEGUN.has(verdict.reason);
  return isNone ? new NotBegun("ORB_COMMAND_FAILED", failure(detail, "refused")) : failed(detail, "refused");
}

/** What it was decided for is not there any more. */
function another(detail: string): DriverError {
  return new DriverError("ORB_PLAN_STALE", {
    kind: "other",
    outcome: "refused",
    summary: "The machine is not as planned",
    detail: `${detail} Nothing was done to it.`,
    hint: "Run `orb plan` to see what differs, then apply again.",
  });
}

/** It ended, and not well. */
export function failed(detail: string, status: "ended" | "refused"): DriverError {
  return new DriverError("ORB_COMMAND_FAILED", failure(detail, status));
}

/** It was refused before any package was touched, as far as the package manager says. */
class NotBegun extends DriverError {}

/** Words of a refusal that say so. */
const NOT_BEGUN: ReadonlySet<Refusal> = new Set<Refusal>(["no-package", "needed", "others-go"]);

/** Whether a failure says so. */
export function isNotBegun(error: unknown): boolean {
  return error instanceof NotBegun;
}

function failure(detail: string, status: "ended" | "refused") {
  return {
    kind: "other",
    outcome: "refused",
    summary: status === "ended" ? "The command failed" : "The machine refused the change",
    detail,
    hint: "Look at it with `orb on`, then run `orb apply` again.",
  } as const;
}

function noRoom(): DriverError {
  return new DriverError("ORB_GUEST_UNAVAILABLE", {
    kind: "other",
    outcome: "refused",
    summary: "Machine can't be held for a change",
    detail: "Neither /run/orbform nor /tmp/orbform can be made inside, as a folder of root's. Nothing was done.",
    hint: "Look at these folders with `orb on`, then run `orb apply` again.",
  });
}

/** Nothing was run: no use in trying again. */
function fitting(script: string): string {
  try {
    return argument(script);
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    const { code, summary, detail } = error;
    throw new DriverError(code, { kind: "refused", outcome: "refused", summary, detail, cause: error });
  }
}

function verdictOf(stdout: string, token: string): Verdict {
  try {
    return readVerdict(stdout, token);
  } catch (error) {
    throw new DriverError("ORB_GUEST_UNREADABLE", {
      kind: "transport",
      outcome: "unknown",
      summary: "The change ended without an answer",
      detail: "The connection into the machine ended before the change said how it ended.",
      hint: "Run `orb plan` to see what was done.",
      cause: error,
    });
  }
}

function sentence(verdict: Exclude<Verdict, { status: "done" }>, quiet: boolean): string {
  const tail = printed(verdict.output.trim(), quiet);
  if (verdict.status === "ended") return `It ended with exit code ${verdict.code}.${tail}`;
  return `${refusalSentence(verdict.reason, printable(verdict.detail))}${tail}`;
}

function printed(output: string, quiet: boolean): string {
  if (output === "") return "";
  if (quiet) return " What it printed is not shown: a sensitive file of the stack lies in the machine.";
  return ` It printed: ${printable(output).slice(-LONGEST_OUTPUT)}`;
}
