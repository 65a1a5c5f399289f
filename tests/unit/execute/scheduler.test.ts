import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, limitsWith } from "../../../src/execute/limits.ts";
import { schedule, type Schedulable } from "../../../src/execute/scheduler.ts";
import { actionId } from "../../support/execute-builders.ts";
import { scheduleVirtually } from "../../support/execute-graphs.ts";

const one = (id: string, after: readonly string[] = [], rest: Partial<Schedulable> = {}): Schedulable => ({
  id: actionId(id),
  kind: "stop",
  after: after.map(actionId),
  expectedMs: 1000,
  ...rest,
});

const NOTHING = { remainingMs: new Map(), limits: DEFAULT_LIMITS };

describe("the scheduler", () => {
  it("starts the longest remaining path first", async () => {
    const actions = [one("short"), one("long", [], { expectedMs: 100 }), one("tail", ["long"], { expectedMs: 5000 })];
    const { order } = await scheduleVirtually(actions, { limits: limitsWith({ global: 1 }) });
    expect(order).toEqual(["long", "tail", "short"]);
  });

  it("lets others pass a kind that is full", async () => {
    const creates = [1, 2, 3, 4].map((index) => one(`create-${index}`, [], { kind: "create", expectedMs: 9000 }));
    const { order, most } = await scheduleVirtually([...creates, one("stop")]);
    expect(order.slice(0, 3)).toEqual(["create-1", "create-2", "stop"]);
    expect(most.get("create")).toBe(2);
  });

  it("counts a restart against the limit of starts", async () => {
    const actions = [1, 2, 3, 4, 5, 6].map((index) => one(`a${index}`, [], { kind: index % 2 ? "start" : "restart" }));
    expect((await scheduleVirtually(actions)).most.get("start")).toBe(4);
  });

  it("skips what depends on a failed action, and nothing else", async () => {
    const skipped: unknown[] = [];
    const endings = await schedule({
      ...NOTHING,
      actions: [one("a"), one("b", ["a"]), one("c", ["b"]), one("d")],
      run: async ({ id }) => (id === "a" ? "failed" : "succeeded"),
      onSkip: ({ id }, reason, because) => skipped.push([id, reason, because]),
    });
    expect(Object.fromEntries(endings)).toEqual({ a: "failed", b: "skipped", c: "skipped", d: "succeeded" });
    expect(skipped).toEqual([
      ["b", "dependency", "a"],
      ["c", "dependency", "a"],
    ]);
  });

  it("starts nothing more after a failure that should stop everything", async () => {
    const endings = await schedule({
      ...NOTHING,
      limits: limitsWith({ global: 1 }),
      actions: [one("a"), one("b"), one("c", ["b"])],
      failFast: true,
      run: async ({ id }) => (id === "a" ? "failed" : "succeeded"),
    });
    expect(Object.fromEntries(endings)).toEqual({ a: "failed", b: "skipped", c: "skipped" });
  });

  it("waits for what runs and starts nothing more once it is interrupted", async () => {
    const stop = new AbortController();
    const endings = await schedule({
      ...NOTHING,
      limits: limitsWith({ global: 2 }),
      actions: [one("a"), one("b"), one("c"), one("d", ["a"])],
      stopStarting: stop.signal,
      run: async ({ id }) => {
        if (id === "a") stop.abort();
        await Promise.resolve();
        return "succeeded";
      },
    });
    expect(Object.fromEntries(endings)).toEqual({ a: "succeeded", b: "skipped", c: "skipped", d: "skipped" });
  });

  it("ends with a bug's error, after what runs has ended", async () => {
    const done: string[] = [];
    const run = schedule({
      ...NOTHING,
      actions: [one("a"), one("b")],
      run: async ({ id }) => {
        if (id === "a") throw new Error("bug");
        await Promise.resolve();
        done.push(id);
        return "succeeded" as const;
      },
    });
    await expect(run).rejects.toThrow("bug");
    expect(done).toEqual(["b"]);
  });

  it.each([
    ["a whole cycle", [one("a", ["b"]), one("b", ["a"])]],
    ["a cycle behind something", [one("x"), one("a", ["b", "x"]), one("b", ["a"])]],
    ["an action that is not there", [one("a", ["gone"])]],
  ])("calls %s a bug instead of waiting for ever", async (_, actions) => {
    await expect(schedule({ ...NOTHING, actions, run: async () => "succeeded" })).rejects.toThrow(
      /cycle|not in the plan/,
    );
  });

  it("carries out nothing at once", async () => {
    expect((await schedule({ ...NOTHING, actions: [], run: async () => "succeeded" })).size).toBe(0);
  });

  it("schedules 100,000 actions without growing slower", async () => {
    const count = 100_000;
    const actions = Array.from({ length: count }, (_, index) =>
      one(`a${index}`, index % 3 === 0 || index === 0 ? [] : [`a${index - 1}`], { expectedMs: (index * 7919) % 1000 }),
    );
    let ran = 0;
    const counts: number[] = [];
    const endings = await schedule({
      ...NOTHING,
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
