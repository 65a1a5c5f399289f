/**
 * Runs reading calls by Node's own means: what a plan waits for has no library to load first (docs/adr/0002). What it
 * promises is tested in tests/integration/driver/orbctl-exec.test.ts.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { OrbctlCall, OrbctlOutput } from "./call.ts";
import { collect } from "./collect.ts";
import { endWithUs } from "./end-with-us.ts";
import { feed } from "./feed.ts";

/** How a program ended, or why it never began. */
export type ReadOutcome = OrbctlOutput | { readonly unstarted: string };

/** How long a program that was asked to end may take before it is made to. Milliseconds. */
const GRACE_MS = 5000;

/**
 * Runs a program until it has ended and all it prints has come; with all it started it is stopped when its time is up,
 * by its signal, or when Orbform ends. Never rejects.
 */
export function readProgram(program: string, call: OrbctlCall): Promise<ReadOutcome> {
  return new Promise((resolve) => {
    let stop: Stop | undefined;
    // Before there is anything to stop: a signal right after it began must not find nobody listening.
    const forget = endWithUs(() => stop?.());
    const settle = (outcome: ReadOutcome): void => {
      forget();
      resolve(outcome);
    };
    try {
      stop = follow(begin(program, call), call, settle);
    } catch (error) {
      settle({ unstarted: codeOf(error) });
    }
  });
}

function begin(program: string, { argv, env, stdin }: OrbctlCall): ChildProcess {
  return spawn(program, argv, {
    env: { ...process.env, ...env },
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A group of its own keeps a terminal's interrupt away from it, and all it starts can be ended with it.
    detached: true,
  });
}

/** Gives what stops it. */
function follow(child: ChildProcess, call: OrbctlCall, resolve: (outcome: ReadOutcome) => void): Stop {
  const stop = stopper(child);
  const stdout = collect(child.stdout, { stop, call, name: "stdout" });
  const stderr = collect(child.stderr, { stop, call, name: "stderr" });
  const watched = watch(call, () => {
    // Who left the group may hold the streams for ever: they are not waited for.
    child.stdout?.destroy();
    child.stderr?.destroy();
    stop();
  });
  feed(child.stdin, call.stdin, stop);
  child.on("error", (error) => {
    // Also where a signal could not be sent: then it runs, and tells its end itself.
    if (child.pid === undefined) settle({ unstarted: codeOf(error) });
  });
  // Neither of them rejects.
  child.once("close", (exitCode) => void closed(exitCode));
  return stop;

  async function closed(exitCode: number | null): Promise<void> {
    const [out, err] = await Promise.all([stdout, stderr]);
    // Who could not take what was printed does not get an exit code that says all is well.
    const taken = out.taken && err.taken;
    settle({ stdout: out.text, stderr: err.text, exitCode: taken ? exitCode : null, ...watched.state() });
  }

  function settle(outcome: ReadOutcome): void {
    stop.done();
    watched.end();
    resolve(outcome);
  }
}

interface Stop {
  (): void;
  /** It has ended: nothing is to be forced any more. */
  done(): void;
}

/** Asks a program and all it started to end, and makes them where they don't. */
function stopper(child: ChildProcess): Stop {
  let force: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child, "SIGTERM");
    force ??= setTimeout(signalGroup, GRACE_MS, child, "SIGKILL");
  };
  const done = (): void => {
    if (force === undefined) return;
    clearTimeout(force);
    // What it started and left behind in its group goes with it.
    signalGroup(child, "SIGKILL");
  };
  return Object.assign(stop, { done });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, or not ours to signal any more.
    child.kill(signal);
  }
}

interface Watch {
  state(): Pick<OrbctlOutput, "timedOut" | "aborted">;
  end(): void;
}

/** Calls `over` once when the call's time is up or its signal comes, whichever is first. */
function watch({ timeoutMs, signal }: OrbctlCall, over: () => void): Watch {
  let why: "running" | "timed out" | "aborted" = "running";
  const end = (reason: "timed out" | "aborted") => (): void => {
    if (why !== "running") return;
    why = reason;
    over();
  };
  const abort = end("aborted");
  const timer = timeoutMs === undefined ? undefined : setTimeout(end("timed out"), timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  return {
    state: () => ({ timedOut: why === "timed out", aborted: why === "aborted" }),
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Error) return "code" in error ? String(error.code) : error.message;
  return String(error);
}
