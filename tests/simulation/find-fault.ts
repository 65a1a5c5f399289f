/** Looks for a deliberate fault: tells seeds with it, in a process of its own, and says which of them broke a law. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Fault } from "./fault.ts";
import type { Violation } from "./violation.ts";

/** What the seeds found of a fault. */
export interface Finding {
  readonly fault: Fault;
  /** Seeds told. */
  readonly seeds: number;
  /** Those that broke a law which may find the fault. */
  readonly broken: readonly BrokenSeed[];
  /** Those that broke other laws first. */
  readonly astray: readonly BrokenSeed[];
}

/** A seed whose story broke a law; the first one that it broke. */
export interface BrokenSeed {
  readonly seed: number;
  readonly violation: Violation;
}

/** How far to look. */
export interface Search {
  /** From seed 1 up to this one. */
  readonly seeds: number;
  /** The first that is told; those before it come after the last. Default: 1. */
  readonly from?: number;
  /** No further than to the first seed that finds it. */
  readonly isFirstEnough: boolean;
}

const CHILD = fileURLToPath(new URL("seeds-child.ts", import.meta.url));
const WITH_FAULT = new URL("with-fault.ts", import.meta.url).href;

/** Tells the seeds with a fault. Rejects where the fault doesn't fit the code any more. */
export async function findFault(fault: Fault, { seeds, from: first = 1, isFirstEnough }: Search): Promise<Finding> {
  const broken: BrokenSeed[] = [];
  const astray: BrokenSeed[] = [];
  let told = 0;
  const isOver = (): boolean => told >= seeds || (isFirstEnough && broken.length > 0);
  while (!isOver()) {
    const next = 1 + ((first - 1 + told) % seeds);
    const left = Math.min(seeds - told, seeds - next + 1);
    const ended = await tellSeeds(fault, [next, left], (seed, violation) => {
      told += 1;
      if (violation) (fault.laws.includes(violation.law) ? broken : astray).push({ seed, violation });
      return !(isFirstEnough && broken.length > 0);
    });
    if (ended.exitCode === 0 || isOver()) continue;
    // Nothing was left that could ever go on (13, for Node), with a seed begun and not told.
    if (ended.exitCode !== STUCK) throw new Error(`${fault.name}: ended with ${ended.exitCode}: ${ended.stderr}`);
    astray.push({ seed: 1 + ((first - 1 + told) % seeds), violation: { law: "a story never ended", detail: "" } });
    told += 1;
  }
  return { fault, seeds: told, broken, astray };
}

const STUCK = 13;

type Hear = (seed: number, violation: Violation | undefined) => boolean;

async function tellSeeds(fault: Fault, range: readonly number[], hear: Hear) {
  const options = ["--conditions=@orbform/source", "--import", WITH_FAULT, CHILD, ...range.map(String)];
  const child = spawn(process.execPath, options, {
    env: { ...process.env, ORBFORM_FAULT: fault.name },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { seed, violations }: { seed: number; violations: readonly Violation[] } = JSON.parse(line);
    if (!hear(seed, violations[0])) child.kill();
  }
  return { exitCode: await ended, stderr };
}
