import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { parseFaults } from "../../src/driver/simulator/faults.ts";
import { inMemoryExec, inMemoryWorld, type InMemoryOptions } from "../../src/driver/simulator/in-memory.ts";

/** How a call in memory ended. */
export interface MemoryRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs a command line, words separated by spaces, on a world in memory. */
export type MemoryOrbctl = (
  line: string,
  more?: { stdin?: string; env?: { [name: string]: string } },
) => Promise<MemoryRun>;

/** A fresh world in memory with a fixed sequence of chance; `faults` as `ORBCTL_SIM_FAULTS` has them. */
export function memoryOrbctl(faults = "", options: InMemoryOptions = {}): MemoryOrbctl {
  return memoryWorld(faults, options).orbctl;
}

/** The same, with the world's own way of calling it. */
export function memoryWorld(
  faults = "",
  options: InMemoryOptions = {},
): { readonly exec: OrbctlExec; readonly orbctl: MemoryOrbctl } {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const world = inMemoryWorld({
    random,
    env: { HOME: "/Users/ada", USER: "ada" },
    ...options,
    faults: parseFaults(faults),
  });
  const exec = inMemoryExec(world);
  const orbctl: MemoryOrbctl = async (line, { stdin = "", env = {} } = {}) => {
    const call = { argv: line.split(" ").filter((word) => word !== ""), stdin: Buffer.from(stdin), env };
    const { stdout, stderr, exitCode } = await exec(call);
    return { stdout, stderr, exitCode };
  };
  return { exec, orbctl };
}

/** A clock that stands still until it is slept on; each sleep takes exactly its time. */
export function jumpingClock(start = 1_800_000_000_000): { now: () => number; sleep: (ms: number) => Promise<void> } {
  let now = start;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}
