import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PROGRAM = new URL("state-process.ts", import.meta.url).pathname;

/** A process of state-process.ts that has said its first line. */
export interface StateChild {
  readonly pid: number;
  /** What it said: `held ID`, or an error's code. */
  readonly said: string;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Kills it and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts such a process and waits for its first line. */
export async function stateChild(command: "hold" | "replace", path: string): Promise<StateChild> {
  const child = spawn(process.execPath, ["--no-warnings", PROGRAM, command, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said = await firstLine(child);
  return {
    pid: child.pid ?? 0,
    said,
    signal: (name) => void child.kill(name),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) return "";
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await once(lines, "line");
  return String(line);
}
