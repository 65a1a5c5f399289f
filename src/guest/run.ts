import { randomBytes } from "node:crypto";
import type { Driver, ExecRequest, ExecResult, OnOutput } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import type { MachineId } from "../model/machine.ts";
import { CommandError, cutOff, misused, notBegun, noWorkdir, stopped, timedOut } from "./failures.ts";
import { MarkedStream, type Token } from "./marker.ts";
import { wrap, type What } from "./wrap.ts";

/** How a command is run inside a machine. */
export interface RunOptions {
  /** Who runs it. @default the machine's default user */
  readonly user?: string;
  /** As root, by OrbStack's own means: no sudo need be installed, no password is asked for. Not together with `user`. @default false */
  readonly sudo?: boolean;
  /** An absolute path inside. @default "/" */
  readonly workdir?: string;
  /** Variables for the command. Their values are in no argument list. */
  readonly env?: { readonly [name: string]: string };
  /** What it reads. @default nothing */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds after which the connection is ended. @default none */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Exit codes that are no failure, or `any`. @default [0] */
  readonly success?: readonly number[] | "any";
  /** Told of what it prints as it comes; where it gives a promise, the command waits. */
  readonly onOutput?: OnOutput;
  /** Whether the result has what was printed (100 MB at most). @default true */
  readonly keep?: boolean;
}

/** How a command ended. */
export interface CommandResult {
  readonly machine: string;
  /** 128 + n where signal n ended it; 127 where there is no such program. */
  readonly exitCode: number;
  /** UTF-8. Empty with `keep: false`. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Which machine, and by what it is reached. It must be running. */
export interface Reached {
  readonly driver: Pick<Driver, "exec">;
  readonly id: MachineId;
  readonly name: string;
}

/** The most that is kept of what a command prints. Bytes. */
const MOST_KEPT = 100_000_000;

/**
 * Runs a command and tells how it ended. Errors: `ORB_COMMAND_FAILED` (a {@link CommandError}) where it ended with an
 * exit code that is no success; `ORB_CONNECTION` where it could not be begun or its end was not seen;
 * `ORB_ORBCTL_TIMEOUT`, `ORB_INTERRUPTED`; `ORB_USAGE` before anything is done. None of them repeats what was printed.
 */
export async function run(
  machine: Reached,
  command: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  check(command, options);
  const { success = [0] } = options;
  const result = await observed(machine, { command }, options);
  if (success === "any" || success.includes(result.exitCode)) return result;
  throw new CommandError(result);
}

/** Runs a script of ours, whatever its exit code is. Errors: as {@link run}, without `ORB_COMMAND_FAILED`. */
export function runInline(
  machine: Reached,
  what: Extract<What, { script: string }>,
  options: RunOptions,
): Promise<CommandResult> {
  return observed(machine, what, options);
}

function check(command: readonly string[], { user, sudo, workdir = "/" }: RunOptions): void {
  if (command.length === 0 || command[0] === "")
    throw misused("There is no command to run. Nothing was done.", "Say which.");
  if (sudo === true && user !== undefined)
    throw misused("A command runs as one user: `sudo` means root. Nothing was run.", "Give one of user and sudo.");
  if (!workdir.startsWith("/"))
    throw misused("A working directory inside a machine is an absolute path. Nothing was run.", "Write it from / on.");
}

/** Half a token in each word: neither alone, nor both as they stand in the argument list, is the marker. */
function newToken(): Token {
  return { first: randomBytes(8).toString("hex"), second: randomBytes(8).toString("hex") };
}

async function observed(machine: Reached, what: What, options: RunOptions): Promise<CommandResult> {
  const token = newToken();
  const streams = { stdout: new MarkedStream(token), stderr: new MarkedStream(token) };
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[], bytes: 0 };
  const taker = new Taker(options, (name, piece) => {
    if (options.keep === false) return;
    kept.bytes += piece.length;
    if (kept.bytes > MOST_KEPT)
      throw misused("The command printed over 100 MB, which is not kept.", "Take it by onOutput, with keep: false.");
    kept[name].push(Buffer.from(piece));
  });
  const request = requestOf(machine, wrap({ token, workdir: options.workdir ?? "/", what }), options);
  const ended = await settled(machine.driver, {
    ...request,
    onOutput: (name, chunk) => taker.take(name, streams[name].push(chunk)),
  });
  if (taker.failure !== undefined) throw taker.failure.error;
  const exitCode = verdict({ machine, options, ended }, streams);
  const text = (name: "stdout" | "stderr"): string => Buffer.concat(kept[name]).toString("utf8");
  return { machine: machine.name, exitCode, stdout: text("stdout"), stderr: text("stderr") };
}

function requestOf(machine: Reached, command: readonly string[], options: RunOptions): ExecRequest {
  const { user, sudo, env, stdin, timeoutMs, signal } = options;
  const as = sudo === true ? "root" : user;
  return {
    machine: machine.id,
    command,
    workdir: "/",
    output: "handed on",
    ...(as !== undefined && { user: as }),
    ...(env && { env }),
    ...(stdin !== undefined && { stdin: typeof stdin === "string" ? Buffer.from(stdin) : stdin }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(signal && { signal }),
  };
}

/** Hands on what the command printed; what goes wrong there is told as it is, not as a failure of the command. */
class Taker {
  failure: { readonly error: unknown } | undefined;
  readonly #options: RunOptions;
  readonly #keep: (name: "stdout" | "stderr", piece: Uint8Array) => void;

  constructor(options: RunOptions, keep: (name: "stdout" | "stderr", piece: Uint8Array) => void) {
    this.#options = options;
    this.#keep = keep;
  }

  async take(name: "stdout" | "stderr", pieces: readonly Uint8Array[]): Promise<void> {
    try {
      for (const piece of pieces) {
        this.#keep(name, piece);
        await this.#options.onOutput?.(name, piece);
      }
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }
}

type Ended = { readonly result: ExecResult } | { readonly error: unknown };

async function settled(driver: Reached["driver"], request: ExecRequest): Promise<Ended> {
  try {
    return { result: await driver.exec(request) };
  } catch (error) {
    return { error };
  }
}

interface Judged {
  readonly machine: Reached;
  readonly options: RunOptions;
  readonly ended: Ended;
}

/** The exit code, by what the wrapper said: on either stream, for one of them may have been closed by the command. */
function verdict(
  { machine: { name }, options, ended }: Judged,
  { stdout, stderr }: { readonly stdout: MarkedStream; readonly stderr: MarkedStream },
): number {
  const said = [stdout.said, stderr.said];
  const end = said.find((each) => each.kind === "ended" || each.kind === "refused");
  if (end?.kind === "ended") return end.exitCode;
  if (end?.kind === "refused") throw noWorkdir(name, options.workdir ?? "/");
  const error = "error" in ended ? ended.error : undefined;
  if (isDriverError(error) && error.code === "ORB_ORBCTL_TIMEOUT" && error.kind === "timed out" && options.timeoutMs)
    throw timedOut(name, options.timeoutMs);
  if (options.signal?.aborted === true) throw stopped(name);
  if (said.some((each) => each.kind === "begun")) throw cutOff(name);
  if (error !== undefined && !isDriverError(error)) throw error;
  throw notBegun(name, "result" in ended ? ended.result.stderr : "", error);
}
