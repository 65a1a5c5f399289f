import { AsyncLocalStorage } from "node:async_hooks";
import { TAIL_BYTES, type OrbctlCall, type OrbctlExec, type OrbctlOutput } from "../orbctl/call.ts";
import { runCommandLine } from "./cli.ts";
import type { Fault } from "./faults.ts";
import type { GuestFiles } from "./guest-files.ts";
import type { Host, MacFiles, Session } from "./host.ts";
import { macFiles } from "./mac-files.ts";
import { freshWorld, type WorldData } from "./record.ts";
import { MachineIndex } from "./machine-index.ts";
import { World } from "./world.ts";

/** Time as a world in memory needs it; tests give one of their own. */
export interface SimulatorClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How a world in memory is made. Everything has a default. */
export interface InMemoryOptions {
  /** Default: the computer's. */
  readonly clock?: SimulatorClock;
  /** A number in [0, 1). Default: Math.random. */
  readonly random?: () => number;
  /** Default none. Faults may also be switched with `sim fault set`. */
  readonly faults?: readonly Fault[];
  /** Default the newest. */
  readonly version?: string;
  /** Factor on real durations. Default 0: everything is done at once. */
  readonly latency?: number;
  /** The environment of every call. Default: HOME and USER of a Mac user. */
  readonly env?: { readonly [name: string]: string };
  /** The Mac's files. Default: the computer's. */
  readonly mac?: MacFiles;
}

/** A world in memory, with the same implementation behind it as the executable's. */
export interface InMemoryWorld {
  readonly session: Session;
  readonly options: Required<Pick<InMemoryOptions, "clock" | "env">> & InMemoryOptions;
}

/** Makes a world in memory in which OrbStack runs and has no machines. */
export function inMemoryWorld(options: InMemoryOptions = {}): InMemoryWorld {
  const clock = options.clock ?? computerClock();
  const env = options.env ?? { HOME: "/Users/sim", USER: "sim" };
  return { session: memorySession(clock, options), options: { ...options, clock, env } };
}

/** Calls of `orbctl` on a world in memory. The work of one call does not grow with the number of machines, but for those that print all. */
export function inMemoryExec(world: InMemoryWorld): OrbctlExec {
  return async (call) => {
    if (call.signal?.aborted) return { stdout: "", stderr: "", exitCode: null, timedOut: false, aborted: true };
    await call.begin?.(null);
    const output = new Output(call);
    const host = hostOf(world, call, output);
    const ended = runCommandLine(call.argv, host).then(async (exitCode) => {
      const taken = await output.taken();
      return { exitCode: taken ? exitCode : null, timedOut: false, aborted: !taken };
    });
    const end = await race(world, call, ended);
    return { ...output.text(), ...end };
  };
}

function memorySession(clock: SimulatorClock, options: InMemoryOptions): Session {
  let data: WorldData = freshWorld();
  let index = new MachineIndex([]);
  let events: string[] = [];
  const files = new Map<string, GuestFiles>();
  const random = options.random ?? Math.random;
  const open = (): World => {
    const { faults = [], version, latency = 0 } = options;
    return new World(data, { now: clock.now(), random, who: "memory", faults, version, latency }, index);
  };
  const transact = <T>(change: (world: World) => T): T => {
    const world = open();
    try {
      return change(world);
    } finally {
      for (const event of world.events) events.push(JSON.stringify(event));
      for (const [from, to] of world.fileCopies) copy(files, from, to);
      for (const [to, given] of world.fileGifts) files.set(to, given);
    }
  };
  return {
    transact,
    read: transact,
    readFiles: (id) => files.get(id) ?? null,
    changeFiles: (id, change) => {
      const changed = change(files.get(id) ?? null);
      if (changed) files.set(id, changed);
    },
    log: () => events,
    reset: () => {
      data = freshWorld();
      index = new MachineIndex([]);
      events = [];
      files.clear();
    },
  };
}

function copy(files: Map<string, GuestFiles>, from: string, to: string): void {
  const found = files.get(from);
  if (found) files.set(to, found);
}

class Output {
  readonly #call: OrbctlCall;
  /** The sandbox takes promises, files and more from whoever is called within it: callers are told of output outside. */
  readonly #outside = AsyncLocalStorage.snapshot();
  readonly #turns: { [stream in "stdout" | "stderr"]?: Promise<void> } = {};
  readonly #parts: { readonly [stream in "stdout" | "stderr"]: (string | Uint8Array)[] } = { stdout: [], stderr: [] };

  constructor(call: OrbctlCall) {
    this.#call = call;
  }

  write(stream: "stdout" | "stderr", text: string | Uint8Array): void {
    const { output, onOutput } = this.#call;
    if (output !== "handed on" || stream === "stderr") this.#parts[stream].push(text);
    // Nobody is told: the settings of ten thousand machines are a megabyte and a half, printed for each that is made.
    if (onOutput === undefined) return;
    const chunk = typeof text === "string" ? Buffer.from(text) : text;
    this.#outside(() => this.#tell(stream, chunk));
  }

  #tell(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    const { onOutput } = this.#call;
    const before = this.#turns[stream];
    const turn = before === undefined ? onOutput?.(stream, chunk) : before.then(() => onOutput?.(stream, chunk));
    if (turn === undefined) return;
    this.#turns[stream] = turn;
    // Asked about at the end, not now.
    turn.catch(() => undefined);
  }

  /** Once all is handed on; whether it could be. Asked in the same turn where nobody is waited for. */
  taken(): Promise<boolean> {
    return Promise.all(Object.values(this.#turns)).then(
      () => true,
      () => false,
    );
  }

  text(): Pick<OrbctlOutput, "stdout" | "stderr"> {
    const { stdout, stderr } = this.#parts;
    const words = { stdout: joined(stdout), stderr: joined(stderr) };
    return this.#call.output === "handed on" ? { ...words, stderr: words.stderr.slice(-TAIL_BYTES) } : words;
  }
}

/** All as text. Characters may lie across chunks of bytes, so bytes are put together first. */
function joined(parts: readonly (string | Uint8Array)[]): string {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))).toString("utf8");
}

function hostOf(world: InMemoryWorld, call: OrbctlCall, output: Output): Host {
  const { session, options } = world;
  return {
    program: "orbctl",
    env: { ...options.env, ...call.env },
    session,
    clock: options.clock,
    pid: nextPid(world),
    startOf: (pid) => pid,
    forever: () => new Promise(() => undefined),
    stdin: stdinOf(call),
    terminal: false,
    stdout: (text) => output.write("stdout", text),
    stderr: (text) => output.write("stderr", text),
    mac: options.mac ?? macFiles(),
  };
}

const PIDS = new WeakMap<InMemoryWorld, number>();

/** What has ended took its process with it, so nobody needs to be asked whether it runs. */
function nextPid(world: InMemoryWorld): number {
  const pid = (PIDS.get(world) ?? 1) + 1;
  PIDS.set(world, pid);
  return pid;
}

async function* stdinOf({ stdin }: OrbctlCall): AsyncGenerator<Uint8Array> {
  if (stdin instanceof Uint8Array) yield stdin;
  else if (stdin) yield* stdin;
}

type End = Pick<OrbctlOutput, "exitCode" | "timedOut" | "aborted">;

/** A caller that gives up leaves behind what it has begun: the world goes on by its clock. */
async function race(world: InMemoryWorld, call: OrbctlCall, ended: Promise<End>): Promise<End> {
  if (call.timeoutMs === undefined && call.signal === undefined) return ended;
  const soon = await endedSoon(ended);
  if (soon) return soon;
  const done = new AbortController();
  const others: Promise<End>[] = [];
  if (call.timeoutMs !== undefined) {
    const sleep = world.options.clock.sleep(call.timeoutMs, done.signal);
    others.push(onlyIf(sleep, done.signal, { exitCode: null, timedOut: true, aborted: false }));
  }
  if (call.signal) others.push(aborted(call.signal, done.signal));
  try {
    return await Promise.race([ended, ...others]);
  } finally {
    done.abort();
  }
}

/** What waits for nothing ends within a few turns; then no time-out need be armed, whatever clock it is. */
async function endedSoon(ended: Promise<End>): Promise<End | undefined> {
  const ends: End[] = [];
  void ended.then((end) => ends.push(end));
  for (let turn = 0; turn < 100 && ends.length === 0; turn += 1) await Promise.resolve();
  return ends[0];
}

async function onlyIf(event: Promise<void>, cancelled: AbortSignal, end: End): Promise<End> {
  try {
    await event;
  } catch (error) {
    if (!cancelled.aborted) throw error;
  }
  return end;
}

function aborted(signal: AbortSignal, done: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    const end: End = { exitCode: null, timedOut: false, aborted: true };
    if (signal.aborted) resolve(end);
    signal.addEventListener("abort", () => resolve(end), { signal: done });
  });
}

function computerClock(): SimulatorClock {
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(new Error("sleep cancelled"));
        });
      }),
  };
}
