import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { quietProject, type QuietProject } from "../support/quiet-project.ts";
import type { Figure } from "./table.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));

/** Runs measured of each; two more come first, to fill the compile cache. */
const RUNS = 21;

/** Cold starts of the built command line over a bare node, in turn, so that a busy moment hits all alike. Medians. */
export async function startUpFigures(machines: number): Promise<readonly Figure[]> {
  const project = await quietProject(machines);
  try {
    const times = { bare: samples(), version: samples(), plan: samples() };
    for (let run = -2; run < RUNS; run += 1) {
      const keep = run >= 0;
      times.bare.add(keep, timed(["-e", "0"], project));
      times.version.add(keep, timed([ORBFORM, "--version"], project));
      times.plan.add(keep, timed([ORBFORM, "plan", "many"], project));
    }
    const bare = times.bare.median();
    return [
      { bench: "start", of: "node -e 0", value: bare, unit: "ms" },
      {
        bench: "start over bare node",
        of: "--version",
        value: times.version.median() / bare,
        unit: "x",
        aim: "<= 2.0",
      },
      {
        bench: "start over bare node",
        of: `no-op plan of ${machines}`,
        value: times.plan.median() / bare,
        unit: "x",
        aim: "<= 3.5",
      },
    ];
  } finally {
    project.remove();
  }
}

function samples() {
  const all: number[] = [];
  return {
    add: (keep: boolean, ms: number): void => void (keep && all.push(ms)),
    median: (): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN,
  };
}

function timed(argv: readonly string[], { folder, env }: QuietProject): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: folder, env, encoding: "utf8" });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${argv.join(" ")} exited ${status}: ${stderr}`);
  return ms;
}
