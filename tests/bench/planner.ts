import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import type { Figure } from "./table.ts";

const CHILD = fileURLToPath(new URL("./planner-child.ts", import.meta.url));
const SIZES = [100, 1_000, 10_000, 100_000];

interface Aims {
  readonly time?: string;
  readonly memory?: string;
  readonly growth?: string;
}

const AIMS: { readonly [size: number]: Aims } = {
  10_000: { time: "< 1000", memory: "< 150" },
  100_000: { memory: "< 1024", growth: "< 12" },
};

interface Measured {
  readonly ms: number;
  readonly decodeMs: number;
  readonly peakMiB: number;
}

/** No-op plans of growing fleets, a process each: time, peak memory of the whole process, growth for ten times as many. */
export async function plannerFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "orbform-bench-"));
  try {
    return figuresOf(await bundled(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As plain JavaScript: what strips types on the fly takes 60 MiB that are not the planner's. */
async function bundled(folder: string): Promise<string> {
  const build = await rolldown({ input: CHILD, platform: "node" });
  const file = join(folder, "planner.mjs");
  await build.write({ file, format: "esm", codeSplitting: false });
  await build.close();
  return file;
}

function figuresOf(program: string): readonly Figure[] {
  const figures: Figure[] = [];
  let before: Measured | undefined;
  for (const size of SIZES) {
    const measured = measure(program, size);
    const of = `${size} unchanged`;
    const { time, memory, growth: most } = AIMS[size] ?? {};
    figures.push(
      { bench: "plan", of, value: measured.ms, unit: "ms", ...(time ? { aim: time } : {}) },
      { bench: "plan, peak memory", of, value: measured.peakMiB, unit: "MiB", ...(memory ? { aim: memory } : {}) },
      { bench: "decode the snapshot", of, value: measured.decodeMs, unit: "ms" },
    );
    const growth = before && measured.ms / before.ms;
    if (growth !== undefined)
      figures.push({
        bench: "plan, growth for 10 times",
        of,
        value: growth,
        unit: "x",
        ...(most ? { aim: most } : {}),
      });
    before = measured;
  }
  return figures;
}

function measure(program: string, size: number): Measured {
  return JSON.parse(execFileSync(process.execPath, [program, String(size)], { encoding: "utf8" }));
}
