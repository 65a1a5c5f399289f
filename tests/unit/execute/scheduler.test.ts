import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, limitsWith } from "../../../src/model/limits.ts";
import { schedule, type Schedulable, type ScheduleCounts } from "../../../src/execute/scheduler.ts";
import { remainingMs } from "../../../src/graph/critical-path.ts";
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

/** Everything that follows from what was just done has happened: nothing here waits for time or disk. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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

  it("counts whatever is done inside machines against a limit of its own", async () => {
    const inside = [1, 2, 3, 4, 5].map((index) => one(`page-${index}`, [], { kind: "write", subject: "file" }));
    const settings = [1, 2, 3].map((index) => one(`setting-${index}`, [], { kind: "write", subject: "setting" }));
    const limits = limitsWith({ byKind: { inside: 3, write: 1 } });
    const { most } = await scheduleVirtually(inside, { limits });
    expect(most.get("write")).toBe(3);
    expect((await scheduleVirtually(settings, { limits })).most.get("write")).toBe(1);
  });

  it("starts what follows an action once that has ended, however it did", async () => {
    const events: string[] = [];
    const follows = (...ids: readonly string[]) => ({ afterEnd: ids.map(actionId) });
    const endings = await schedule({
      ...NOTHING,
      actions: [
        one("follows-all", [], follows("fails", "works", "skipped", "works")),
        one("fails"),
        one("works"),
        one("skipped", ["fails"]),
      ],
      run: async ({ id }) => {
        events.push(`${id} begins`);
        await settled();
        events.push(`${id} ends`);
        return id === "fails" ? "failed" : "succeeded";
      },
    });
    expect(endings.get(actionId("follows-all"))).toBe("succeeded");
    expect(events.slice(-2)).toEqual(["follows-all begins", "follows-all ends"]);
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
    await expect(run).rejects.toMatchObject({ message: "bug" });
    expect(done).toEqual(["b"]);
  });

  it("begins nothing after a bug, and counts the action as one of unknown outcome", async () => {
    const began: string[] = [];
    const skipped: unknown[] = [];
    const told: ScheduleCounts[] = [];
    const bug = new Error("bug");
    const run = schedule({
      ...NOTHING,
      limits: limitsWith({ global: 1 }),
      actions: [one("a"), one("b"), one("c", ["b"])],
      run: async ({ id }) => {
        began.push(id);
        throw bug;
      },
      onSkip: ({ id }, reason) => skipped.push([id, reason]),
      onCounts: (counts) => told.push(counts),
    });
    await expect(run).rejects.toBe(bug);
    expect(began).toEqual(["a"]);
    expect(skipped).toEqual([
      ["b", "fail-fast"],
      ["c", "fail-fast"],
    ]);
    expect(told.at(-1)?.ended).toEqual({ succeeded: 0, failed: 0, unknown: 1, skipped: 2 });
  });

  it("says of each it leaves out after a failure that stops everything why, once", async () => {
    const skipped: unknown[] = [];
    await schedule({
      ...NOTHING,
      limits: limitsWith({ global: 1 }),
      actions: [one("a"), one("b", ["a"]), one("c", ["b"]), one("d"), one("e", ["d"])],
      failFast: true,
      run: async () => "failed",
      onSkip: ({ id }, reason, because) => skipped.push([id, reason, because]),
    });
    expect(skipped).toEqual([
      ["b", "dependency", "a"],
      ["c", "dependency", "a"],
      ["d", "fail-fast", undefined],
      ["e", "fail-fast", undefined],
    ]);
  });

  it("says of each it leaves out after an interrupt that it was that", async () => {
    const stop = new AbortController();
    const skipped: unknown[] = [];
    await schedule({
      ...NOTHING,
      limits: limitsWith({ global: 1 }),
      actions: [one("a"), one("b"), one("c", ["b"])],
      stopStarting: stop.signal,
      run: async () => {
        stop.abort();
        return "succeeded";
      },
      onSkip: ({ id }, reason, because) => skipped.push([id, reason, because]),
    });
    expect(skipped).toEqual([
      ["b", "interrupted", undefined],
      ["c", "interrupted", undefined],
    ]);
  });

  it("says at once what an interrupt leaves out, while something still runs", async () => {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const skipped: string[] = [];
    const run = schedule({
      ...NOTHING,
      limits: limitsWith({ global: 2 }),
      actions: [one("long"), one("short"), one("next")],
      stopStarting: stop.signal,
      run: async ({ id }) => {
        if (id === "long") await promise;
        else stop.abort();
        return "succeeded" as const;
      },
      onSkip: ({ id }) => skipped.push(id),
    });
    await settled();
    expect(skipped).toEqual(["next"]);
    resolve();
    await run;
    expect(skipped).toEqual(["next"]);
  });

  it("skips a lattice behind a failure without going each of its ways", async () => {
    const layers = Array.from({ length: 40 }, (_, layer) =>
      ["l", "r"].map((side) => one(`${side}${layer}`, layer === 0 ? ["top"] : [`l${layer - 1}`, `r${layer - 1}`])),
    );
    const skipped: string[] = [];
    const endings = await schedule({
      ...NOTHING,
      actions: [one("top"), ...layers.flat()],
      run: async () => "unknown",
      onSkip: ({ id }) => skipped.push(id),
    });
    expect(endings.size).toBe(81);
    expect(skipped.length).toBe(80);
  });

  it("gives the free slots to the longest of those that become ready together", async () => {
    const later = [1, 5, 2, 4, 3].map((seconds) => one(`s${seconds}`, ["first"], { expectedMs: seconds * 1000 }));
    const { order } = await scheduleVirtually([one("first"), ...later], { limits: limitsWith({ global: 2 }) });
    expect(order).toEqual(["first", "s5", "s4", "s3", "s2", "s1"]);
  });

  it("starts those with equally long paths in the order of the plan", async () => {
    const actions = ["c", "a", "d", "b"].map((id) => one(id));
    expect((await scheduleVirtually(actions, { limits: limitsWith({ global: 1 }) })).order).toEqual([
      "c",
      "a",
      "d",
      "b",
    ]);
  });

  it("keeps to a limit that is changed while it runs", async () => {
    const ends: Array<() => void> = [];
    const setters: Array<(kind: string, limit: number) => void> = [];
    const run = schedule({
      ...NOTHING,
      actions: ["a", "b", "c", "d", "e"].map((id) => one(id, [], { kind: "create" })),
      run: async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        ends.push(resolve);
        await promise;
        return "succeeded" as const;
      },
      onLimits: (setLimit) => setters.push(setLimit),
    });
    await settled();
    expect(ends.length).toBe(2);
    setters[0]?.("create", 1);
    ends[0]?.();
    await settled();
    expect(ends.length).toBe(2);
    ends[1]?.();
    await settled();
    expect(ends.length).toBe(3);
    setters[0]?.("create", 2);
    ends[2]?.();
    await settled();
    expect(ends.length).toBe(5);
    for (const end of ends) end();
    expect([...(await run).values()]).toEqual(Array.from({ length: 5 }, () => "succeeded"));
  });

  it("tells how many run, wait and have ended, and how much is left, at every start and end", async () => {
    const told: ScheduleCounts[] = [];
    const actions = [
      one("a", [], { expectedMs: 100 }),
      one("b", ["a"], { expectedMs: 20 }),
      one("c", ["b"], { expectedMs: 3 }),
      one("d", [], { expectedMs: 7 }),
    ];
    await schedule({
      ...NOTHING,
      actions,
      remainingMs: remainingMs(actions),
      limits: limitsWith({ global: 1 }),
      run: async ({ id }) => (id === "b" ? "failed" : "succeeded"),
      onCounts: (counts) => told.push(counts),
    });
    const rows = told.map(({ running, waiting, ended, remainingWorkMs, remainingPathMs }) =>
      [running, waiting, ...Object.values(ended), remainingWorkMs, remainingPathMs].join(" "),
    );
    expect(told.every(({ total }) => total === 4)).toBe(true);
    expect(Object.keys(told[0]?.ended ?? {})).toEqual(["succeeded", "failed", "unknown", "skipped"]);
    expect(rows).toMatchInlineSnapshot(`
      [
        "1 3 0 0 0 0 130 123",
        "0 3 1 0 0 0 30 23",
        "1 2 1 0 0 0 30 23",
        "0 1 1 1 0 1 7 7",
        "1 0 1 1 0 1 7 7",
        "0 0 2 1 0 1 0 0",
      ]
    `);
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
});
