/** Runs orbctl as a process. The one file that imports execa, and late: only what changes something needs it. */
import { Writable } from "node:stream";
import type { Options } from "execa";
import { DriverError } from "../errors.ts";
import type { OrbctlCall, OrbctlExec, OrbctlOutput } from "./call.ts";
import { feed } from "./feed.ts";
import { isExecutable } from "./find.ts";
import { processStart } from "../process-start.ts";
import { readProgram } from "./read-program.ts";
import { openScratch } from "./scratch.ts";

/** Which program, and where a mutating call writes while it runs. */
export interface ProgramPlace {
  /** Absolute path. */
  readonly program: string;
  /**
   * A folder for the output of mutating calls, made where missing. Real files: a client that writes into the pipe of
   * an Orbform that died would die of it, half-way through its work.
   */
  readonly scratch: string;
  /** The value of HOME; orbctl crashes without one and finds its service by it (contract, rule 10). */
  readonly home: string | undefined;
}

type Begin = NonNullable<OrbctlCall["begin"]>;

/** What is needed of execa's subprocess. */
interface Child extends Promise<unknown> {
  readonly pid?: number;
  readonly stdin: Writable | null;
  readonly stdio: readonly unknown[];
}

/**
 * Holds a program until a line arrives. Without one (its parent died) `read` fails and nothing ever runs. `$0` is the
 * file that says "held" until then: whoever finds it so, and the process gone, knows that nothing was done. The line
 * comes on a stream of its own: standard input is the program's.
 */
const HOLD = 'read -r go <&3 && : >"$0" && exec "$@" 3<&-';

/**
 * Calls of a real program. A reading call is stopped with all it started when its time is up. A mutating one
 * (`begin`) is a process group of its own that outlives Orbform; it is held until `begin` has resolved.
 * Rejects with `ORB_NO_ORBCTL` where the program can't be started; nothing has been run then.
 */
export function programExec(place: ProgramPlace): OrbctlExec {
  return async (call) => {
    if (place.home === undefined || place.home === "") throw homeless();
    return call.begin ? await mutate(place, call, call.begin) : await read(place, call);
  };
}

async function read(place: ProgramPlace, call: OrbctlCall): Promise<OrbctlOutput> {
  const outcome = await readProgram(place.program, call);
  if ("unstarted" in outcome) throw unstarted(`${JSON.stringify(place.program)} can't be run (${outcome.unstarted})`);
  return outcome;
}

async function mutate(place: ProgramPlace, call: OrbctlCall, begin: Begin): Promise<OrbctlOutput> {
  const { execa } = await import("execa");
  const scratch = await openScratch(place.scratch);
  const stop = new AbortController();
  try {
    const child = execa("/bin/sh", ["-c", HOLD, scratch.held, place.program, ...call.argv], {
      ...OPTIONS,
      env: { ...call.env },
      stdio: [call.stdin === undefined ? "ignore" : "pipe", scratch.stdout, scratch.stderr, "pipe"],
      cancelSignal: stop.signal,
    });
    await hold(child, { call, begin, held: scratch.held });
    const unwatch = watch(call, stop);
    feed(child.stdin, call.stdin, () => stop.abort());
    goLine(child)?.end("go\n");
    const result = await child.finally(unwatch);
    const ended = ending(place, result);
    const printed = await scratch.read();
    if (await shellFoundNothing(place, ended.exitCode))
      throw unstarted(`${JSON.stringify(place.program)} can't be run`);
    const timedOut = ended.aborted && call.signal?.aborted !== true;
    return { ...ended, ...printed, timedOut, aborted: ended.aborted && !timedOut };
  } finally {
    await scratch.remove();
  }
}

/** A group of its own keeps a terminal's interrupt away from orbctl. */
const OPTIONS = {
  reject: false,
  stripFinalNewline: false,
  killDescendants: true,
  detached: true,
  cleanup: false,
} as const satisfies Options;

interface Holding {
  readonly call: OrbctlCall;
  readonly begin: Begin;
  readonly held: string;
}

/** Tells the caller of the held process. If anything goes wrong here, the process ends without having run. */
async function hold(child: Child, { call, begin, held }: Holding): Promise<void> {
  try {
    const startedAt = child.pid === undefined ? undefined : await processStart(child.pid).catch(() => undefined);
    if (child.pid === undefined || startedAt === undefined) throw unstarted("its process could not be made");
    await begin({ pid: child.pid, startedAt, held });
    if (call.signal?.aborted) throw unstarted("it was stopped before it began");
  } catch (error) {
    child.stdin?.end();
    goLine(child)?.end();
    await child;
    throw error;
  }
}

/** The stream on which the held process waits for its line. */
function goLine({ stdio }: Child): Writable | undefined {
  const line = stdio[3];
  return line instanceof Writable ? line : undefined;
}

/** From `go` on, the client is stopped when its time is up or the caller says so. */
function watch(call: OrbctlCall, stop: AbortController): () => void {
  const abort = (): void => stop.abort();
  const timer = call.timeoutMs === undefined ? undefined : setTimeout(abort, call.timeoutMs);
  call.signal?.addEventListener("abort", abort, { once: true });
  if (call.signal?.aborted) abort();
  return () => {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", abort);
  };
}

/** 126 and 127 are the shell's own words for a program that it can't run. */
async function shellFoundNothing(place: ProgramPlace, exitCode: number | null): Promise<boolean> {
  return (exitCode === 126 || exitCode === 127) && !(await isExecutable(place.program));
}

interface Ending {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
}

function ending(place: ProgramPlace, result: Ending): Pick<OrbctlOutput, "exitCode" | "timedOut" | "aborted"> {
  const { exitCode, signal, code, timedOut, isCanceled } = result;
  const ended = exitCode !== undefined || signal !== undefined || timedOut || isCanceled;
  if (!ended && code !== undefined) throw unstarted(`${JSON.stringify(place.program)} can't be run (${code})`);
  return { exitCode: exitCode ?? null, timedOut, aborted: isCanceled };
}

function unstarted(why: string): DriverError {
  return new DriverError("ORB_NO_ORBCTL", {
    kind: "no program",
    outcome: "nothing",
    summary: "OrbStack's orbctl was not run",
    detail: `orbctl was not run: ${why}. Nothing was done to any machine.`,
    hint: "Look at ORBFORM_ORBCTL and the PATH, then try again.",
  });
}

function homeless(): DriverError {
  return new DriverError("ORB_ORBCTL_FAILED", {
    kind: "refused",
    outcome: "nothing",
    summary: "HOME is not set",
    detail: "OrbStack finds its service by the HOME variable, which is not set. Nothing was run.",
    hint: "Set HOME to your home folder and try again.",
  });
}
