import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { OrbformError } from "../../model/errors.ts";
import { printable } from "../../model/printable.ts";
import { tooLarge } from "./decode.ts";
import { CONFINE, kept, letGo } from "./keep.ts";
import { networkHeldBy, type Protections } from "./protections.ts";
import { isWithin } from "./within.ts";
import { GREETING, type Job } from "./wire.ts";

/** How long evaluating may take, how much memory and how much output. */
export interface ChildLimits {
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  readonly answerBytes: number;
}

/** What a child is by default held to. */
export const CHILD_LIMITS: ChildLimits = { timeoutMs: 30_000, memoryMiB: 512, answerBytes: 8 * 1024 * 1024 };

/** Which child is run. */
export interface ChildCall {
  readonly job: Omit<Job, "port">;
  /** What it may read. */
  readonly grants: readonly string[];
  readonly limits: ChildLimits;
}

/** What a child wrote, and what held while it did. */
export interface ChildAnswer {
  readonly text: string;
  readonly held: Protections;
}

/** A way to start a process without a network. */
interface Wrapper {
  readonly called: string;
  readonly argv: readonly string[];
  /** A folder in which it leaves nothing to be seen. */
  readonly covers?: string;
}

/**
 * By Linux: no network, no other processes, no file system to write, and nothing in /run, where the sockets of services
 * lie. By macOS: no network, which there is sockets of files as well.
 */
const WRAPPERS: readonly Wrapper[] =
  process.platform === "darwin"
    ? [
        {
          called: "sandbox-exec",
          argv: ["/usr/bin/sandbox-exec", "-p", "(version 1)(allow default)(deny network*)"],
        },
      ]
    : [
        {
          called: "unshare -n",
          argv: ["unshare", "-rnmpf", "--kill-child", "sh", "-c", CONFINE, "sh"],
          covers: "/run",
        },
        { called: "unshare -n", argv: ["unshare", "-rn"] },
      ];

/**
 * Evaluates a stack in a process that may read what it is granted, and nothing else. Errors: `ORB_UNTRUSTED_FAILED` where it
 * gives no answer, `ORB_UNTRUSTED_REFUSED` where that is none.
 */
export async function runChild(call: ChildCall): Promise<ChildAnswer> {
  for (const wrapper of WRAPPERS) {
    const { covers } = wrapper;
    const isCovered = covers !== undefined && call.grants.some((each) => isWithin(covers, each));
    if (!isCovered && (await works(wrapper))) return await attempt(call, wrapper);
  }
  return await attempt(call, undefined);
}

/** Whether a process can be started so: one that does nothing is. */
async function works({ argv: [program = "", ...words] }: Wrapper): Promise<boolean> {
  const child = spawn(program, [...words, process.execPath, "--version"], { env: {}, stdio: "ignore", detached: true });
  return (await ended(child, 5000)).code === 0;
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly isLate: boolean;
}

/** Waits for the end of a process, and ends it with all of its own where it takes too long. */
function ended(child: ChildProcess, timeoutMs: number): Promise<Ended> {
  return new Promise((done) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killAll(child);
    }, timeoutMs);
    const end = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      done({ code, signal, isLate });
    };
    child.once("error", () => end(null, null));
    child.once("close", end);
  });
}

/** It leads a group of its own. */
function killAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function attempt({ job, grants, limits }: ChildCall, wrapper: Wrapper | undefined): Promise<ChildAnswer> {
  const listener = await listen();
  try {
    const node = [process.execPath, ...nodeFlags(grants, limits), entry()];
    const [program = "", ...words] = kept([...(wrapper?.argv ?? []), ...node], limits.memoryMiB);
    // Not even a PATH: the system finds a wrapper in its own, and Node is started by its whole path.
    const env = {};
    const stdio = Array.from({ length: 4 }, () => "pipe" as const);
    const child = spawn(program, words, { cwd: job.root, env, stdio, detached: true });
    letGo(child);
    // It may have ended before it has read all of it.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(JSON.stringify({ ...job, port: listener.port }));
    const output = collect(child, limits.answerBytes);
    const end = await ended(child, limits.timeoutMs);
    return answered(output, end, { limits, wrapper, wasReached: listener.wasReached });
  } finally {
    listener.close();
  }
}

function nodeFlags(grants: readonly string[], { memoryMiB }: ChildLimits): readonly string[] {
  return [
    "--permission",
    ...grants.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${memoryMiB}`,
    "--no-warnings",
    "--no-addons",
    // It opens files by itself, and Node's permission model doesn't see that.
    ...["--no-experimental-sqlite"].filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)),
  ];
}

/** The program of the child: beside this one, in the source and where it is bundled. */
function entry(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith(".ts") ? "./child.ts" : "./untrusted.js", here));
}

interface Listener {
  readonly port: number;
  readonly wasReached: () => boolean;
  readonly close: () => void;
}

/** Where the child tries whether it has a network: only this computer reaches it, and whoever does is hung up on. */
function listen(): Promise<Listener> {
  return new Promise((done, fail) => {
    let wasReached = false;
    const server = createServer((socket) => {
      wasReached = true;
      socket.destroy();
    });
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      done({ port, wasReached: () => wasReached, close: () => server.close() });
    });
  });
}

interface Output {
  readonly chunks: Buffer[];
  err: string;
  isTooMuch: boolean;
}

function collect(child: ChildProcess, most: number): Output {
  const output: Output = { chunks: [], err: "", isTooMuch: false };
  let bytes = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) {
      output.isTooMuch = true;
      killAll(child);
    } else output.chunks.push(chunk);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (output.err.length < 65_536) output.err += text;
  });
  return output;
}

interface Around {
  readonly limits: ChildLimits;
  readonly wrapper: Wrapper | undefined;
  readonly wasReached: () => boolean;
}

function answered(output: Output, end: Ended, { limits, wrapper, wasReached }: Around): ChildAnswer {
  if (output.isTooMuch)
    throw tooLarge(`what it yields may be ${limits.answerBytes / 1024 / 1024} MiB long, and is longer`);
  if (end.isLate) throw failed(`it took longer than ${limits.timeoutMs / 1000} seconds and was ended`);
  const out = Buffer.concat(output.chunks).toString("utf8");
  const at = out.indexOf("\n");
  const [greeting, text] = [out.slice(0, at), out.slice(at + 1)];
  if (at < 0 || !greeting.startsWith(GREETING)) throw failed(`it could not be started${said(output)}`);
  if (text === "" && end.code === UNSETTLED) throw failed("it awaits something that never comes");
  if (text === "") throw failed(`its process ended without an answer (${how(end)})${said(output)}`);
  const tried = wasReached() ? "reached" : greeting.slice(GREETING.length);
  const network = networkHeldBy(tried, wrapper?.called);
  return { text, held: { ...(network && { network }) } };
}

/** With what Node ends where nothing is left that could settle what is awaited. */
const UNSETTLED = 13;

function how({ code, signal }: Ended): string {
  return signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
}

function said({ err }: Output): string {
  const lines = printable(err)
    .split("\n")
    .filter((line) => /\S/.test(line));
  const told = lines.find((line) => /heap out of memory|Error/.test(line));
  return told === undefined ? "" : `: ${told.slice(0, 300).trim()}`;
}

function failed(why: string): OrbformError {
  return new OrbformError("ORB_UNTRUSTED_FAILED", {
    summary: "An untrusted stack gives no answer",
    detail: `The stack was evaluated in a process of its own, but ${why}. No machine was looked at.`,
    hint: "Read what the stack does. It has half a minute, half a gigabyte, and no way to end its process.",
  });
}
