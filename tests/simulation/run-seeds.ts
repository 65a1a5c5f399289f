import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { BrokenSeed } from "./find-fault.ts";
import type { Violation } from "./violation.ts";

/** Which seeds, and how many processes tell them at the same time. */
export interface Run {
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
}

/** Seeds that one process tells before another takes over: what a process gathers is let go with it. */
const SHARE = 250;

const CHILD = fileURLToPath(new URL("seeds-child.ts", import.meta.url));

/** Tells seeds in processes of their own. `hear` is told of each that breaks a law, as soon as it does. */
export async function runSeeds(run: Run, hear: (broken: BrokenSeed) => void): Promise<number> {
  const end = run.from + run.seeds;
  let next = run.from;
  let broken = 0;
  const work = async (): Promise<void> => {
    while (next < end) {
      const from = next;
      next = Math.min(end, from + SHARE);
      await share(from, next - from, (each) => {
        broken += 1;
        hear(each);
      });
    }
  };
  await Promise.all(Array.from({ length: run.jobs }, work));
  return broken;
}

async function share(from: number, count: number, hear: (broken: BrokenSeed) => void): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=@orbform/source", CHILD, String(from), String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const { seed, violations }: { seed: number; violations: readonly Violation[] } = JSON.parse(line);
    const [violation] = violations;
    told += 1;
    if (violation) hear({ seed, violation });
  }
  await ended;
  if (told < count) hear({ seed: from + told, violation: { law: "the story was never told to its end", detail: "" } });
}
