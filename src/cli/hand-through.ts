/**
 * Hands a call of `orb` on to OrbStack's own `orb`: arguments, stdin, terminal, signals and exit code intact. Bundled on
 * its own, so that such a call loads nothing else; it runs on Node 20 too.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { findOrb, type FoundOrb } from "./find-orb.ts";
import { GUARD, isTooDeep, ledBack, readGuard, writeGuard } from "./loop-guard.ts";
import { isOurs } from "./words.ts";

/**
 * Whether the call was handed on: `ours` – Orbform answers it; `none` – it is OrbStack's, but there is no OrbStack;
 * `handed` – it was carried out, and the process is about to end.
 */
export type Handed = "ours" | "none" | "handed";

/** Hands the call on unless it is ours. Where Node can (22.15, 23.11) it does not return: the process is replaced. */
export async function handThrough(args: readonly string[]): Promise<Handed> {
  if (isOurs(args)) return "ours";
  const handed = readGuard(process.env[GUARD]);
  const back = ledBack(handed, process);
  const orb = isTooDeep(handed) ? undefined : findOrb(process.env["PATH"] ?? "", new Set(back));
  if (orb === undefined) return "none";
  const visited = [...back, realpathSync(orb.path)];
  const env = { ...process.env, [GUARD]: writeGuard(handed, process.pid, visited) };
  if (orb.executable && canReplace()) replaceProcess(orb, args, env);
  await runBeside(orb, args, env);
  return "handed";
}

function canReplace(): boolean {
  return typeof process.execve === "function" && process.platform !== "win32";
}

function replaceProcess(orb: FoundOrb, args: readonly string[], env: NodeJS.ProcessEnv): void {
  // Node ignores these two, and what is ignored stays so over execve; what is caught goes back to the default.
  process.on("SIGPIPE", () => undefined);
  process.on("SIGXFSZ", () => undefined);
  process.execve?.(orb.path, ["orb", ...args], env);
}

const FORWARDED = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT"] as const;

/** A terminal sends these to everyone in the foreground: forwarding them would deliver them twice. */
const BY_TERMINAL = ["SIGINT", "SIGQUIT", "SIGWINCH"] as const;

/** The way without execve: a child with our streams; what we are sent it is sent, and we end as it ends. */
function runBeside(orb: FoundOrb, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    // Caught before there is a child: the two of us can be sent a signal as soon as it runs.
    for (const signal of FORWARDED) process.on(signal, () => child?.kill(signal));
    const onTerminal = isatty(0) || isatty(1) || isatty(2);
    for (const signal of BY_TERMINAL) process.on(signal, () => onTerminal || child?.kill(signal));
    child = spawn(orb.path, [...args], { stdio: "inherit", env, argv0: "orb" });
    child.on("error", (error) => {
      process.stderr.write(`orb: can't start ${orb.path}: ${error.message}\n`);
      process.exitCode = 126;
      resolve();
    });
    child.on("exit", (code, signal) => {
      if (signal !== null) dieBy(signal);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/** Ends this process by the signal that ended the child, so that a shell sees what it would have seen. */
function dieBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Reached only where the signal can't end us: the shell's convention instead.
  process.exit(128 + constants.signals[signal]);
}
