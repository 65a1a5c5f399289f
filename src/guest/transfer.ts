import { randomBytes } from "node:crypto";
import { OrbformError } from "../model/errors.ts";
import { printable } from "../model/printable.ts";
import { misused, quoted } from "./failures.ts";
import { SCRIPT_FAILURES } from "./guest-script.ts";
import { runInline, type Reached, type RunOptions } from "./run.ts";

/** How far a transfer is. */
export interface Progress {
  readonly machine: string;
  /** The path inside the machine. */
  readonly path: string;
  /** Of this file so far, and when it is whole. Bytes. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What every transfer takes. */
export interface TransferOptions {
  /** Milliseconds for each connection that it takes. @default none */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told as files come along: of each at least once, when it is whole and in its place. */
  readonly onProgress?: (progress: Progress) => void;
}

/** One script, as it is run inside. */
export interface ScriptCall {
  readonly script: string;
  readonly args: readonly string[];
  readonly stdin?: NonNullable<RunOptions["stdin"]>;
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>;
  /** What the user asked for, for the words of an error. */
  readonly doing: string;
}

/** The most of a script's own words that is looked at. Characters. */
const MOST_WORDS = 1000;

/** Runs one of our scripts as root. Errors: as {@link SCRIPT_FAILURES} says, and those of a command that can't be run. */
export async function runScript(machine: Reached, call: ScriptCall, options: TransferOptions): Promise<void> {
  const words: Uint8Array[] = [];
  let bytes = 0;
  const { exitCode } = await runInline(machine, call, {
    sudo: true,
    keep: false,
    ...(call.stdin !== undefined && { stdin: call.stdin }),
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.signal && { signal: options.signal }),
    onOutput: (name, chunk) => {
      if (name === "stdout") return call.onStdout?.(chunk);
      if (bytes < MOST_WORDS) words.push(Buffer.from(chunk));
      bytes += chunk.length;
      return undefined;
    },
  });
  if (exitCode === 0) return;
  const said = printable(Buffer.concat(words).toString("utf8").slice(0, MOST_WORDS).trim());
  throw failed({ machine: machine.name, exitCode, said, doing: call.doing });
}

interface Failed {
  readonly machine: string;
  readonly exitCode: number;
  readonly said: string;
  readonly doing: string;
}

function failed({ machine, exitCode, said, doing }: Failed): OrbformError {
  const on = `${doing} on ${quoted(machine)} failed.`;
  if (/no space left|disk quota exceeded/i.test(said)) {
    return new OrbformError("ORB_DISK_FULL", {
      summary: "Disk is full",
      detail: `${on} The machine's disk is full: ${said}. Nothing half written was left in place.`,
      hint: "Make room in the machine, or raise its disk limit, then try again.",
    });
  }
  const unknown = `A script ended with exit code ${exitCode}`;
  const known = SCRIPT_FAILURES[exitCode];
  const { code, summary, says } = known ?? {
    code: "ORB_COMMAND_FAILED",
    summary: "A transfer failed inside",
    says: unknown,
  };
  // Some sentences are whole only with what was said.
  const what = said === "" ? (known?.summary ?? unknown) : `${says}: ${said}`;
  const detail = `${on} ${what}. Nothing half written was left in place.`;
  const hint = `Look at the paths that ${said === "" ? "were given" : "it names"}, then try again.`;
  return new OrbformError(code, { summary, detail, hint });
}

/** A path inside a machine, fit for a script. Errors: `ORB_USAGE` where it is not absolute. */
export function insidePath(path: string): string {
  if (!path.startsWith("/") || path.includes("\0"))
    throw misused(`${quoted(path)} is no absolute path inside a machine. Nothing was copied.`, "Write it from / on.");
  return path;
}

/** A word that names temporary files and lines of one transfer; nobody can guess it. */
export function freshWord(): string {
  return randomBytes(12).toString("hex");
}
