import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Driver } from "../../src/driver/driver.ts";
import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { programExec } from "../../src/driver/orbctl/exec.ts";
import { memoryWorld } from "../support/simulator-memory.ts";
import type { Personality } from "../support/strange-orbctl.ts";

/** A driver, and the world that it drives. */
export interface DriverWorld {
  readonly driver: Driver;
  /** A folder for archives. */
  readonly folder: string;
  /** The calls that the driver made since it was last asked, words parted by spaces. */
  readonly takeCalls: () => readonly string[];
  /** Stops OrbStack behind the driver's back. */
  readonly stopService: () => Promise<void>;
  /** Whether OrbStack runs. */
  readonly isServiceRunning: () => Promise<boolean>;
  /** What a caller must not do and did. */
  readonly violations: () => readonly string[];
  readonly remove: () => void;
}

const CLOCK = { now: () => Date.now(), sleep: () => Promise.resolve(), random: () => 0 };

interface Parts {
  readonly exec: OrbctlExec;
  readonly folder: string;
  readonly stopService: () => Promise<unknown>;
  readonly violations?: () => readonly string[];
}

function worldOf({ exec, folder, stopService, violations }: Parts): DriverWorld {
  let calls: string[] = [];
  const watched: OrbctlExec = (call) => {
    calls.push(call.argv.join(" "));
    return exec(call);
  };
  return {
    folder,
    driver: orbctlDriver({ exec: watched, clock: CLOCK, world: { driver: "orbctl", host: "contract" }, home: folder }),
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    stopService: async () => void (await stopService()),
    isServiceRunning: async () => (await exec({ argv: ["status"] })).stdout.includes("Running"),
    violations: violations ?? (() => []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "driver contract-"));
}

/** The driver over the simulator in memory; `faults` as `ORBCTL_SIM_FAULTS` has them. */
export function overMemory(faults = ""): DriverWorld {
  const { exec, orbctl } = memoryWorld(faults);
  return worldOf({ exec, folder: freshFolder(), stopService: () => orbctl("stop") });
}

/** The driver over the simulator as a program. */
export function overProgram(): DriverWorld {
  const folder = freshFolder();
  const program = script(folder, [
    `export ORBCTL_SIM_WORLD="${folder}/world" ORBCTL_SIM_SOURCE=1`,
    `exec "${process.execPath}" "${fileURLToPath(new URL("../../bin/orbctl-sim.js", import.meta.url))}" "$@"`,
  ]);
  const exec = programExec({ program, scratch: join(folder, "scratch"), home: folder });
  return worldOf({ exec, folder, stopService: () => exec({ argv: ["stop"] }) });
}

/** The driver over an orbctl that was written from the contract alone, and has nothing of the simulator. */
export function overStrange(personality: Personality): DriverWorld {
  const folder = freshFolder();
  const world = join(folder, "strange world");
  mkdirSync(world);
  writeFileSync(join(world, "personality.json"), JSON.stringify(personality));
  const strange = fileURLToPath(new URL("../support/strange-orbctl.mjs", import.meta.url));
  const program = script(folder, [`exec "${process.execPath}" "${strange}" "${world}" "$@"`]);
  const exec = programExec({ program, scratch: join(folder, "scratch"), home: folder });
  return worldOf({
    exec,
    folder,
    stopService: async () => {
      await exec({ argv: ["default", "none"] });
      const path = join(world, "world.json");
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), status: ["Stopped"] }));
    },
    violations: () => {
      const path = join(world, "violations.log");
      return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
    },
  });
}

function script(folder: string, lines: readonly string[]): string {
  const path = join(folder, "orbctl");
  writeFileSync(path, `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
  return path;
}
