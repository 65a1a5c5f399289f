import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const ORBFORM = join(root, "bin/orbform.js");

/** How a process ended, and what it printed. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process under way. */
export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What it has written to stderr so far. */
  said(): string;
  readonly ended: Promise<Ran>;
}

/**
 * A project folder, a home, and an `orbctl` on the PATH of its own: a small wrapper that logs each call and then is the
 * simulator, as a separate process. Orbform finds it the way it finds OrbStack's.
 */
export class TestProject {
  /** The program that `orb` and `startOrb` start. */
  static readonly ORBFORM = ORBFORM;
  readonly folder = mkdtempSync(join(tmpdir(), "orbform-"));
  readonly home = join(this.folder, "home");
  readonly world = join(this.folder, "world");
  readonly project = join(this.folder, "project");
  readonly bin = join(this.folder, "bin");
  readonly callLog = join(this.folder, "calls.log");
  readonly env: Record<string, string>;
  readonly #orbform: string;
  readonly #orbctlSim: string;

  /** `programs`: the package whose programs are used; default: this checkout, as it is built. */
  constructor(programs = root) {
    this.#orbform = join(programs, "bin/orbform.js");
    this.#orbctlSim = join(programs, "bin/orbctl-sim.js");
    for (const each of [this.home, this.world, join(this.project, "stacks"), this.bin])
      mkdirSync(each, { recursive: true });
    writeFileSync(join(this.project, "package.json"), JSON.stringify({ name: "a-project", type: "module" }));
    this.script(
      "orbctl",
      `printf '%s\\n' "$*" >> "${this.callLog}"\nexec "${process.execPath}" "${this.#orbctlSim}" "$@"`,
    );
    this.env = {
      PATH: [this.bin, "/usr/bin", "/bin"].join(delimiter),
      HOME: this.home,
      ORBCTL_SIM_WORLD: this.world,
      NODE_COMPILE_CACHE: join(tmpdir(), "orbform-compile-cache"),
    };
  }

  /** Puts a `/bin/sh` script on the project's PATH. */
  script(name: string, body: string): string {
    const path = join(this.bin, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  /** Writes `stacks/NAME.ts`. */
  stack(name: string, text: string): void {
    writeFileSync(join(this.project, "stacks", `${name}.ts`), text);
  }

  /** The snapshot file's path. */
  statePath(stack: string): string {
    return join(this.project, "state", `${stack}.json`);
  }

  /** The snapshot as JSON, or `undefined`. */
  state(stack: string): { serial: number; resources: Record<string, Record<string, unknown>> } | undefined {
    const path = this.statePath(stack);
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  }

  /** The arguments of every `orbctl` call since the last time this was asked. */
  takeCalls(): readonly string[] {
    if (!existsSync(this.callLog)) return [];
    const lines = readFileSync(this.callLog, "utf8").split("\n").filter(Boolean);
    rmSync(this.callLog);
    return lines;
  }

  /** Runs `orbform ARGS` below a shell line in a mount namespace of its own; the line ends in `exec "$@"`. */
  orbUnder(line: string, args: readonly string[]): Promise<Ran> {
    return this.spawn(
      "unshare",
      ["--mount", "--map-root-user", "sh", "-c", line, "sh", process.execPath, this.#orbform, ...args],
      {},
    ).ended;
  }

  start(program: string, args: readonly string[], env: Record<string, string> = {}): Running {
    return this.spawn(process.execPath, [program, ...args], env);
  }

  private spawn(program: string, args: readonly string[], env: Record<string, string>): Running {
    const child = spawn(program, args, {
      cwd: this.project,
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    const ended = new Promise<Ran>((done, fail) => {
      child.on("error", fail);
      child.on("close", (code, signal) => {
        done({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code, signal });
      });
    });
    const said = (): string => Buffer.concat(err).toString();
    return { pid: child.pid ?? 0, kill: (signal) => child.kill(signal), said, ended };
  }

  /** Starts `orbform ARGS`. */
  startOrb(args: readonly string[], env: Record<string, string> = {}): Running {
    return this.start(this.#orbform, args, env);
  }

  /** Runs `orbform ARGS` to its end. */
  orb(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    return this.startOrb(args, env).ended;
  }

  /** Runs `orbctl-sim ARGS` on the project's world, as an outside hand would. */
  outside(...args: readonly string[]): Promise<Ran> {
    return this.start(this.#orbctlSim, args).ended;
  }

  /** Waits until something on disk, or that a process said, is so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await setTimeout(20);
  }

  /** What exists, as `orbctl list -f json` tells it. */
  async machines(): Promise<readonly { id: string; name: string; state: string }[]> {
    const ran = await this.outside("list", "-f", "json");
    return JSON.parse(ran.stdout);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
