import { DEFAULT_LIMITS } from "../../src/model/limits.ts";
import { lowerBoundMs, randomGraph, scheduleVirtually } from "../support/execute-graphs.ts";

/** Makespan over its lower bound, for seeded random graphs of 100 actions with exact durations. */
export async function makespanRatios(graphs: number, actions = 100): Promise<readonly number[]> {
  const ratios: number[] = [];
  for (let seed = 1; seed <= graphs; seed += 1) {
    const graph = randomGraph(seed, actions);
    const { makespanMs } = await scheduleVirtually(graph);
    ratios.push(makespanMs / lowerBoundMs(graph, DEFAULT_LIMITS));
  }
  return ratios;
}
