import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommandLine } from "./cli.ts";
import { parseFaults } from "./faults.ts";
import type { Host, Session } from "./host.ts";
import { macFiles } from "./mac-files.ts";
import { openStore } from "./store.ts";

/** Runs the executable: argv and environment of this process, a world in a folder. */
export async function main(): Promise<void> {
  process.stdout.on("error", leave);
  process.stderr.on("error", leave);
  const code = await runCommandLine(process.argv.slice(2), processHost());
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

/** The reader has gone: end as a program does that a SIGPIPE ends. */
function leave(): void {
  process.exit(141);
}

function processHost(): Host {
  const { env } = process;
  return {
    program: basename(process.argv[1] ?? "") === "orb" ? "orb" : "orbctl",
    env,
    session: sessionOf(env),
    clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    terminal: process.stdin.isTTY && process.stdout.isTTY,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    mac: macFiles(),
  };
}

function sessionOf(env: NodeJS.ProcessEnv): Session {
  const folder = env["ORBCTL_SIM_WORLD"] || join(env["HOME"] ?? "/", ".orbctl-sim");
  return openStore({
    folder,
    now: () => Date.now(),
    faults: parseFaults(env["ORBCTL_SIM_FAULTS"] ?? ""),
    version: env["ORBCTL_SIM_VERSION"] || undefined,
    latency: Number(env["ORBCTL_SIM_LATENCY"] ?? 0) || 0,
  });
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}

await main();
