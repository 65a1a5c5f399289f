import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/model/limits.ts";
import { schedule } from "../../../src/execute/scheduler.ts";
import { actionId, create, desired } from "../../support/execute-builders.ts";
import { play, testWorld } from "../../support/execute-world.ts";

/** Driver calls and journal bytes for `count` creates, independent or each after the one before. */
async function costOf(count: number, chained: boolean) {
  const world = testWorld();
  const keys = Array.from({ length: count }, (_, index) => `m${index}`);
  const after = (index: number) => (chained && index > 0 ? [actionId(`machine.m${index - 1}:create`)] : []);
  const played = await play(world, {
    actions: keys.map((key, index) => create(key, { after: after(index) })),
    settled: keys.map((key) => desired(key)),
  });
  expect(Object.values(played.endings)).toEqual(keys.map(() => "succeeded"));
  const bytes = played.journal.reduce((sum, record) => sum + JSON.stringify(record).length, 0);
  return { calls: world.calls.length / count, records: played.journal.length / count, bytes: bytes / count };
}

describe.each([false, true])("hundreds of machines, chained: %s", (chained) => {
  it("cost as many calls, records and bytes each as ten do", async () => {
    const few = await costOf(10, chained);
    const many = await costOf(400, chained);
    expect(many.calls).toBeLessThanOrEqual(few.calls);
    expect(many.records).toBe(2);
    expect(many.bytes).toBeLessThan(few.bytes * 1.1);
  });
});

describe("a schedule", () => {
  it("ends 100,000 actions", async () => {
    const count = 100_000;
    const actions = Array.from({ length: count }, (_, index) => ({
      id: actionId(`a${index}`),
      kind: "stop",
      after: index % 3 === 0 ? [] : [actionId(`a${index - 1}`)],
      expectedMs: (index * 7919) % 1000,
    }));
    let ran = 0;
    const counts: number[] = [];
    const endings = await schedule({
      remainingMs: new Map(),
      limits: DEFAULT_LIMITS,
      actions,
      run: async () => {
        ran += 1;
        return "succeeded";
      },
      onCounts: ({ waiting }) => void (waiting % 50_000 === 0 && counts.push(waiting)),
    });
    expect(ran).toBe(count);
    expect(endings.size).toBe(count);
  });
});
