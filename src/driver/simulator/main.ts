import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommandLine } from "./cli.ts";
import { parseFaults } from "./faults.ts";
import { startOf } from "./host-process.ts";
import type { Host, Session } from "./host.ts";
import { macFiles } from "./mac-files.ts";
import { openStore } from "./store.ts";

/** Milliseconds between two looks at a world that somebody else may change. */
const LOOK_MS = 200;

/** Runs the executable: argv and environment of this process, a world in a folder. */
export async function main(): Promise<void> {
  // Who outlives its client prints to nobody.
  const end = process.env[OUTLIVING] === undefined ? leave : () => undefined;
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  const host = processHost();
  const code = host ? await carriedOut(host) : 64;
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

/** What goes wrong with the world itself (a folder that can't be read) is told in a line, under the simulator's name. */
async function carriedOut(host: Host): Promise<number> {
  try {
    return await runCommandLine(process.argv.slice(2), host);
  } catch (error) {
    host.stderr(`orbctl-sim: ${error instanceof Error ? error.message : String(error)}\n`);
    return 70;
  }
}

/** The reader has gone: end as a program does that a SIGPIPE ends. */
function leave(): void {
  process.exit(141);
}

/** What commands use, from this process; `undefined` where its switches can't be read. */
function processHost(): Host | undefined {
  const { env, stdout, stderr } = process;
  const session = sessionOf(env);
  if (!session) return undefined;
  return {
    program: basename(process.argv[1] ?? "") === "orb" ? "orb" : "orbctl",
    env,
    session,
    clock: { now: () => Date.now(), sleep: (ms) => sleep(Math.min(ms, 200)) },
    until: async (isSo) => {
      do await sleep(LOOK_MS);
      while (!isSo());
    },
    pid: process.pid,
    startOf,
    ...(env[OUTLIVING] === undefined && { outlive }),
    forever: () => new Promise(() => setInterval(() => undefined, 2 ** 30)),
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    terminal: process.stdin.isTTY && process.stdout.isTTY,
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    mac: macFiles(),
  };
}

/** In the environment of a process that carries out a command beyond the life of the client that was asked for it. */
const OUTLIVING = "ORBCTL_SIM_OUTLIVING";

function outlive(): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
      detached: true,
      stdio: "inherit",
      env: { ...process.env, [OUTLIVING]: "yes" },
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 137));
  });
}

function sessionOf(env: NodeJS.ProcessEnv): Session | undefined {
  const faults = faultsOf(env);
  if (!faults) return undefined;
  const folder = env["ORBCTL_SIM_WORLD"] || join(env["HOME"] ?? "/", ".orbctl-sim");
  return openStore({
    folder,
    now: () => Date.now(),
    faults,
    version: env["ORBCTL_SIM_VERSION"] || undefined,
    latency: Number(env["ORBCTL_SIM_LATENCY"] ?? 0) || 0,
  });
}

function faultsOf(env: NodeJS.ProcessEnv): ReturnType<typeof parseFaults> | undefined {
  try {
    return parseFaults(env["ORBCTL_SIM_FAULTS"] ?? "");
  } catch (error) {
    process.stderr.write(`ORBCTL_SIM_FAULTS: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}

await main();
