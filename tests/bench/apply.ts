import { fleetyard } from "../support/applied-fleet.ts";
import { fleetToMake, type Shape } from "../support/fleet.ts";
import type { Figure } from "./table.ts";

const JOURNAL = /\.journal$/;
const SNAPSHOT = /[\\/]fleet\.json$/;

/** Applies of `count` machines without latency: the whole engine, a world in memory, real files. The best of three. */
export async function applyFigures(count: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const shape of ["independent", "chained", "cloned"] as const) {
    const runs = [await measure(count, shape), await measure(count, shape), await measure(count, shape)];
    const [best] = runs.toSorted((a, b) => a.ms - b.ms);
    if (best === undefined) continue;
    const { ms, cpuMs, ratio, perMachine } = best;
    const of = `${count} ${shape}`;
    figures.push(
      { bench: "apply", of, value: ms, unit: "ms", aim: "< 1000" },
      { bench: "apply, processor time", of, value: cpuMs, unit: "ms" },
      { bench: "apply, bytes written over the snapshot's", of, value: ratio, unit: "x", aim: "<= 3" },
      { bench: "apply, bytes written a machine", of, value: perMachine, unit: "B" },
    );
  }
  return figures;
}

async function measure(count: number, shape: Shape) {
  const yard = fleetyard();
  try {
    const resources = fleetToMake(count, shape);
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { results } = await yard.apply(resources);
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    const failed = [...results.values()].filter(({ status }) => status !== "succeeded");
    if (failed.length > 0) throw new Error(`${failed.length} actions did not succeed`);
    const snapshot = yard.disk.bytes(SNAPSHOT);
    const written = yard.disk.bytes(JOURNAL) + snapshot;
    return { ms, cpuMs: (user + system) / 1000, ratio: written / snapshot, perMachine: written / count };
  } finally {
    yard.remove();
  }
}
