import { assert, asyncProperty, integer, nat, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, limitsWith } from "../../../src/model/limits.ts";
import { schedule } from "../../../src/execute/scheduler.ts";
import { makespanRatios } from "../../bench/scheduler.ts";
import { randomGraph, scheduleVirtually } from "../../support/execute-graphs.ts";

describe("any schedule", () => {
  it("takes at most a tenth longer than the bound nobody can beat, over 200 graphs", async () => {
    const ratios = await makespanRatios(200);
    expect(ratios.length).toBe(200);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.1);
  });

  it("keeps every edge and every limit at any concurrency", async () => {
    const shape = record({
      seed: nat(),
      count: integer({ min: 0, max: 60 }),
      global: integer({ min: 1, max: 12 }),
    });
    await assert(
      asyncProperty(shape, async ({ seed, count, global }) => {
        const graph = randomGraph(seed, count);
        const { order, most } = await scheduleVirtually(graph, { limits: limitsWith({ global }) });
        const at = new Map(order.map((id, index) => [id, index]));
        expect(order.length).toBe(count);
        for (const { id, after } of graph)
          for (const before of after) expect(at.get(before)).toBeLessThan(at.get(id) ?? -1);
        for (const [kind, number] of most) expect(number).toBeLessThanOrEqual(DEFAULT_LIMITS.byKind[kind] ?? global);
        expect(most.get("") ?? 0).toBeLessThanOrEqual(global);
      }),
      { numRuns: 200 },
    );
  });

  it("ends each action once, and runs none whose needs did not succeed", async () => {
    const shape = record({
      seed: nat(),
      count: integer({ min: 0, max: 60 }),
      failing: integer({ min: 2, max: 9 }),
    });
    await assert(
      asyncProperty(shape, async ({ seed, count, failing }) => {
        const graph = randomGraph(seed, count);
        const ran: string[] = [];
        const endings = await schedule({
          actions: graph,
          remainingMs: new Map(),
          limits: DEFAULT_LIMITS,
          run: async ({ id }) => {
            ran.push(id);
            return Number(id.slice(1)) % failing === 0 ? "failed" : "succeeded";
          },
        });
        expect(endings.size).toBe(count);
        expect(new Set(ran).size).toBe(ran.length);
        for (const { id, after } of graph) {
          const ready = after.every((each) => endings.get(each) === "succeeded");
          expect(ran.includes(id)).toBe(ready);
        }
      }),
      { numRuns: 200 },
    );
  });
});
