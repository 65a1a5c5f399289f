import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How a process of `orbctl-sim` ended. */
interface SimulatorRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A world in a temporary folder, and the executable on it. */
export interface SimulatorFolder {
  readonly folder: string;
  /** Starts a process and leaves it to the caller. */
  spawn(argv: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** Runs a command line to its end. */
  run(
    argv: readonly string[],
    more?: { env?: NodeJS.ProcessEnv; stdin?: string | Uint8Array; program?: string },
  ): Promise<SimulatorRun>;
  remove(): void;
}

const PROGRAM = fileURLToPath(new URL("../../bin/orbctl-sim.js", import.meta.url));

/** Makes a folder with a world of its own; the caller removes it. */
export function simulatorFolder(): SimulatorFolder {
  const folder = mkdtempSync(join(tmpdir(), "sim-"));
  const start = (argv: readonly string[], env: NodeJS.ProcessEnv = {}, program = PROGRAM): ChildProcess =>
    spawn(process.execPath, [program, ...argv], {
      env: { ...environment(folder), ...env },
    });
  return {
    folder,
    spawn: start,
    run: (argv, { env, stdin, program } = {}) => finished(start(argv, env, program), stdin),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The checkout's source, whatever lies in dist/. */
function environment(folder: string): NodeJS.ProcessEnv {
  const world = join(folder, "world");
  return { PATH: process.env["PATH"], HOME: folder, USER: "ada", ORBCTL_SIM_WORLD: world, ORBCTL_SIM_SOURCE: "1" };
}

function finished(child: ChildProcess, stdin: string | Uint8Array = ""): Promise<SimulatorRun> {
  const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  child.stdout?.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(stdin);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({
        stdout: Buffer.concat(chunks.stdout).toString("latin1"),
        stderr: Buffer.concat(chunks.stderr).toString("utf8"),
        exitCode,
      });
    });
  });
}
