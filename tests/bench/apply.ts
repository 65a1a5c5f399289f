import { fleetyard } from "../support/applied-fleet.ts";
import { fleetToMake, type Shape } from "../support/fleet.ts";
import type { Limits } from "../../src/execute/limits.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import type { Figure } from "./table.ts";

const JOURNAL = /\.journal$/;
const SNAPSHOT = /[\\/]fleet\.json$/;

/** Applies of `count` machines without latency: the whole engine, a world in memory, real files. The best of three. */
export async function applyFigures(count: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { shape, name, limits } of RUNS) {
    const runs = [];
    while (runs.length < 3) runs.push(await measure(fleetToMake(count, shape), limits));
    const [best] = runs.toSorted((a, b) => a.ms - b.ms);
    if (best === undefined) continue;
    const { ms, cpuMs, ratio, perMachine } = best;
    const of = `${count} ${name}`;
    figures.push(
      { bench: "apply", of, value: ms, unit: "ms", aim: "< 1000" },
      { bench: "apply, processor time", of, value: cpuMs, unit: "ms" },
      { bench: "apply, bytes written over the snapshot's", of, value: ratio, unit: "x", aim: "<= 3" },
      { bench: "apply, bytes written a machine", of, value: perMachine, unit: "B" },
    );
  }
  return figures;
}

/** By default two creates and four clones go on at a time, which is what OrbStack bears and what makes an apply wait. */
const RUNS: readonly { readonly shape: Shape; readonly name: string; readonly limits?: Limits }[] = [
  { shape: "independent", name: "independent" },
  { shape: "independent", name: "independent, 64 at once", limits: { global: 64, byKind: {} } },
  { shape: "chained", name: "chained" },
  { shape: "cloned", name: "cloned" },
];

async function measure(resources: readonly DesiredResource[], limits: Limits | undefined) {
  const yard = fleetyard();
  try {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { results } = await yard.apply(resources, limits);
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    const failed = [...results.values()].filter(({ status }) => status !== "succeeded");
    if (failed.length > 0) throw new Error(`${failed.length} actions did not succeed`);
    const snapshot = yard.disk.bytes(SNAPSHOT);
    const written = yard.disk.bytes(JOURNAL) + snapshot;
    return { ms, cpuMs: (user + system) / 1000, ratio: written / snapshot, perMachine: written / resources.length };
  } finally {
    yard.remove();
  }
}
