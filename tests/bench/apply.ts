import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetyard } from "../support/applied-fleet.ts";
import { fleetToMake, type Shape } from "../support/fleet.ts";
import type { Limits } from "../../src/model/limits.ts";
import type { Figure } from "./table.ts";

const JOURNAL = /\.journal$/;
const SNAPSHOT = /[\\/]fleet\.json$/;

const FEW = 1_000;
const MANY = 10_000;

/** Applies without latency: the whole engine, a world in memory, real files. 1,000 machines: the best of three; 10,000 once. */
export async function applyFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "orbform-bench-"));
  try {
    const figures = fileFigures(folder);
    for (const run of RUNS) {
      const best = await bestOfThree(folder, run);
      figures.push(...figuresOf(`${FEW} ${run.name}`, best));
      if (run.limits === undefined) figures.push(...grown(run, best, await measure(folder, run, MANY)));
    }
    return figures;
  } finally {
    // Not one by one: where many files were removed just now, some file systems take long to make new ones.
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly shape: Shape;
  readonly name: string;
  readonly limits?: Limits;
}

/** By default two creates and four clones go on at a time, which is what OrbStack bears and what makes an apply wait. */
const RUNS: readonly Run[] = [
  { shape: "independent", name: "independent" },
  { shape: "independent", name: "independent, 64 at once", limits: { global: 64, byKind: {} } },
  { shape: "chained", name: "chained" },
  { shape: "cloned", name: "cloned" },
];

const FILES = 200;

/** What one claim and one step of the journal cost on this disk at least: to be held against the applies' times. */
function fileFigures(folder: string): Figure[] {
  const began = performance.now();
  for (let index = 0; index < FILES; index += 1) writeFileSync(join(folder, `small-${index}`), "x");
  const made = performance.now();
  const file = openSync(join(folder, "appended"), "a");
  for (let index = 0; index < FILES; index += 1) {
    writeSync(file, "x".repeat(1_000));
    fdatasyncSync(file);
  }
  closeSync(file);
  const micros = (ms: number): number => (ms * 1_000) / FILES;
  return [
    { bench: "this disk: making a small file", of: String(FILES), value: micros(made - began), unit: "us" },
    { bench: "this disk: a synced append", of: String(FILES), value: micros(performance.now() - made), unit: "us" },
  ];
}

interface Measured {
  readonly ms: number;
  readonly cpuMs: number;
  readonly bytes: number;
  readonly ratio: number;
  readonly syncs: number;
}

async function bestOfThree(folder: string, run: Run): Promise<Measured> {
  const first = await measure(folder, run, FEW);
  const others = [await measure(folder, run, FEW), await measure(folder, run, FEW)];
  return others.reduce((best, each) => (each.ms < best.ms ? each : best), first);
}

async function measure(folder: string, { shape, limits }: Run, count: number): Promise<Measured> {
  const resources = fleetToMake(count, shape);
  const yard = fleetyard(folder);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const { results } = await yard.apply(resources, limits);
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const failed = [...results.values()].filter(({ status }) => status !== "succeeded");
  if (failed.length > 0) throw new Error(`${failed.length} actions did not succeed`);
  const snapshot = yard.disk.bytes(SNAPSHOT);
  const written = yard.disk.bytes(JOURNAL) + snapshot;
  const syncs = yard.syncs(JOURNAL) / count;
  return { ms, cpuMs: (user + system) / 1000, bytes: written / count, ratio: written / snapshot, syncs };
}

function figuresOf(of: string, { ms, cpuMs, bytes, ratio, syncs }: Measured): readonly Figure[] {
  return [
    { bench: "apply", of, value: ms, unit: "ms", aim: "< 1000" },
    { bench: "apply, processor time", of, value: cpuMs, unit: "ms" },
    { bench: "apply, bytes written over the snapshot's", of, value: ratio, unit: "x", aim: "<= 3" },
    { bench: "apply, bytes written a machine", of, value: bytes, unit: "B" },
    { bench: "apply, syncs of the journal a machine", of, value: syncs, unit: "" },
  ];
}

function grown({ name }: Run, few: Measured, many: Measured): readonly Figure[] {
  const of = `${MANY} ${name}`;
  const growth = many.cpuMs / MANY / (few.cpuMs / FEW);
  return [
    { bench: "apply", of, value: many.ms, unit: "ms" },
    { bench: "apply, processor time", of, value: many.cpuMs, unit: "ms" },
    { bench: "apply, processor time a machine, growth for 10 times", of, value: growth, unit: "x", aim: "<= 1.3" },
    { bench: "apply, bytes written a machine", of, value: many.bytes, unit: "B" },
    {
      bench: "apply, bytes a machine, growth for 10 times",
      of,
      value: many.bytes / few.bytes,
      unit: "x",
      aim: "<= 1.05",
    },
    { bench: "apply, syncs of the journal a machine", of, value: many.syncs, unit: "" },
  ];
}
