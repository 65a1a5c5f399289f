import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { TestProject, type Ran } from "./project.ts";

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "strange-orbctl.mjs");

/** What the contract leaves open, decided. Every key that is left out is as a quiet OrbStack 2.2.3 would have it. */
export interface Personality {
  readonly version: string;
  /** What `version` prints. Default: as in the samples. */
  readonly versionWords?: readonly string[];
  /** The JSON of `list` and `info`. */
  readonly shape: "bare" | "flat" | "2.0" | "trimmed" | "full";
  /** The JSON of `info`, where it is another. */
  readonly infoShape?: "flat" | "2.0" | "trimmed" | "full";
  readonly limitsInJson?: boolean;
  readonly mountsInJson?: boolean;
  /** Keys nobody has seen yet. */
  readonly extra?: boolean;
  readonly compact?: boolean;
  readonly listsDocker?: boolean;
  readonly withoutAddress?: boolean;
  readonly emptyAddresses?: boolean;
  /** Update boxes: on which stream, on which side of what is printed. */
  readonly boxes?: readonly ("out before" | "out after" | "err before" | "err after")[];
  /** Which of a machine's lines `config show` has. */
  readonly show: "all" | "changed" | "username" | "none";
  readonly showOrder?: "reverse";
  readonly hintOn?: "stderr";
  /** What becomes of `machine.OLD.*` on a rename. */
  readonly rename: "follow" | "lost" | "left";
  /** Settings of a deleted name stay, and the next machine of that name has them. */
  readonly inherits?: boolean;
  readonly defaultFollows?: boolean;
  /** What bare `default` does where none is set. */
  readonly noDefault?: "words" | "error" | "blank";
  /** Starting what runs, stopping what is stopped and restarting what is stopped fail. */
  readonly fussy?: boolean;
  /** How often the rename of a running machine is refused first. */
  readonly renameBusy?: number;
  readonly renameBusyWords?: string;
  readonly takenWords?: string;
  readonly chatty?: boolean;
  /** Milliseconds: in transition after `create` returned; refusing commands after a boot; a boot; a clone; a delete. */
  readonly lagMs?: number;
  readonly deafMs?: number;
  readonly powerMs?: number;
  readonly cloneMs?: number;
  readonly deleteMs?: number;
  readonly deleteReturnsLate?: boolean;
  readonly deafWords?: string;
  /** The first run of this program in each machine is refused. */
  readonly wakesFor?: string;
  /** A machine that boots goes through `provisioning`. */
  readonly provisions?: boolean;
  /** Global settings that `config show` lacks until they are set, and those that it never has. */
  readonly unlisted?: readonly string[];
  readonly neverListed?: readonly string[];
  /** Values are kept in lower case. */
  readonly normalises?: boolean;
  /** A limit above the global one is clamped. */
  readonly clamps?: boolean;
  /** By command, how its first call for each machine fails. */
  readonly flaky?: { readonly [command: string]: string };
  /** The name of a machine whose first create never returns, or gets no address. */
  readonly hangs?: string;
  readonly addressless?: string;
  /** Milliseconds for which the machine whose create hangs is not to be seen, though its name is taken. */
  readonly hidesMs?: number;
  /** The first `list` fails. */
  readonly flakyList?: boolean;
}

/** A machine as a test sees it, whatever shape the program prints. */
interface StrangeMachine {
  readonly id: string;
  name: string;
  state: string;
  readonly image: { readonly distro: string; readonly version: string };
  readonly users: string[];
}

interface StrangeWorld {
  machines: StrangeMachine[];
  config: Record<string, string>;
  default: string | null;
  status: string[];
}

/** A project whose `orbctl` is the strange one, in a folder with spaces in its name. */
export class StrangeProject {
  readonly #project = new TestProject();
  readonly #folder = join(this.#project.folder, "a strange place");

  constructor(personality: Personality, found: "on the PATH" | "by name") {
    const bin = join(this.#folder, "bin of orbctl");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(this.#folder, "personality.json"), JSON.stringify(personality));
    const orbctl = join(bin, found === "on the PATH" ? "orbctl" : "orb ctl (beta)");
    writeFileSync(orbctl, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "${this.#folder}" "$@"\n`);
    chmodSync(orbctl, 0o755);
    this.#project.env["PATH"] = [...(found === "on the PATH" ? [bin] : []), "/usr/bin", "/bin"].join(":");
    if (found === "by name") this.#project.env["ORBFORM_ORBCTL"] = orbctl;
    delete this.#project.env["ORBCTL_SIM_WORLD"];
  }

  /** Kills `orbform ARGS` once something is so. */
  async killOrbWhen(isSo: () => boolean, ...args: readonly string[]): Promise<void> {
    const running = this.#project.startOrb(args);
    await this.#project.until(isSo);
    running.kill("SIGKILL");
    await running.ended;
  }

  /** What `orbform ARGS` came to. */
  async orb(...args: readonly string[]): Promise<Ran> {
    return await this.#project.orb(args);
  }

  /** Writes the stack: its body, between the import and the export. */
  stack(body: string): void {
    const all = "component, defineStack, existing, extend, machine, setting";
    this.#project.stack("dev", `import { ${all} } from "orbform";\n${body}\n`);
  }

  /** A plan that has nothing to do. */
  async expectEmpty(): Promise<void> {
    const planned = await this.orb("plan", "dev", "--detailed-exitcode");
    expect(planned, planned.stdout + planned.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No changes."),
    });
  }

  /** An apply that succeeds, after which there is nothing to do. */
  async apply(...flags: readonly string[]): Promise<Ran> {
    const applied = await this.orb("apply", "dev", "--yes", ...flags);
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    await this.expectEmpty();
    return applied;
  }

  /** Writes the stack and applies it. */
  async become(body: string): Promise<Ran> {
    this.stack(body);
    return await this.apply();
  }

  /** Runs the strange orbctl as an outside hand would, until it does as it is told. */
  outside(...args: readonly string[]): void {
    for (let left = 60; ; left -= 1) {
      const ran = spawnSync(process.execPath, [PROGRAM, this.#folder, ...args], { encoding: "utf8" });
      if (ran.status === 0) return;
      if (left === 0) throw new Error(ran.stderr);
    }
  }

  world(): StrangeWorld {
    if (!existsSync(join(this.#folder, "world.json"))) return { machines: [], config: {}, default: null, status: [] };
    return JSON.parse(readFileSync(join(this.#folder, "world.json"), "utf8"));
  }

  /** Changes the world behind everybody's back, while nobody uses it. */
  meddle(change: (world: StrangeWorld) => void): void {
    this.outside("list", "-f", "json");
    const world = this.world();
    change(world);
    writeFileSync(join(this.#folder, "world.json"), JSON.stringify(world));
  }

  /** What truly holds of a machine, readable or not. */
  setting(name: string, key: string): string | undefined {
    return this.world().config[`machine.${name}.${key}`];
  }

  machine(name: string): StrangeMachine | undefined {
    return this.world().machines.find((each) => each.name === name);
  }

  names(): readonly string[] {
    return this.world()
      .machines.map(({ name, state }) => `${name} ${state}`)
      .toSorted();
  }

  takeCalls(): readonly string[] {
    return this.#take("calls.log");
  }

  /** What Orbform did that no caller may do. */
  violations(): readonly string[] {
    return this.#lines("violations.log");
  }

  remove(): void {
    this.#project.remove();
  }

  #lines(name: string): readonly string[] {
    const path = join(this.#folder, name);
    return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
  }

  #take(name: string): readonly string[] {
    const lines = this.#lines(name);
    rmSync(join(this.#folder, name), { force: true });
    return lines;
  }
}
