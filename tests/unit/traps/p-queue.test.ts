import PQueue from "p-queue";
import { describe, expect, it } from "vitest";
import { limitsWith } from "../../../src/model/limits.ts";
import { schedule, type Verdict } from "../../../src/execute/scheduler.ts";
import { actionId } from "../../support/execute-builders.ts";

/** A task that says when it begins, and ends only when it is told to. */
class Task {
  readonly begun = Promise.withResolvers<void>();
  readonly end = Promise.withResolvers<Verdict>();

  async run(): Promise<Verdict> {
    this.begun.resolve();
    return await this.end.promise;
  }
}

/** Why the scheduler never hands `timeout` or `signal` to p-queue: see docs/adr/0002-dependencies.md. */
describe("p-queue", () => {
  it("frees a timed-out task's slot while the task still runs", async () => {
    const queue = new PQueue({ concurrency: 1 });
    const [first, second] = [new Task(), new Task()];
    const timedOut = queue.add(() => first.run(), { timeout: 1 }).catch(() => "timed out");
    const passed = queue.add(() => second.run());
    await second.begun.promise;
    expect(await timedOut).toBe("timed out");
    first.end.resolve("succeeded");
    second.end.resolve("succeeded");
    await passed;
  });

  it("frees an aborted task's slot while the task still runs", async () => {
    const queue = new PQueue({ concurrency: 1 });
    const [first, second] = [new Task(), new Task()];
    const stop = new AbortController();
    const aborted = queue.add(() => first.run(), { signal: stop.signal }).catch(() => "aborted");
    const passed = queue.add(() => second.run());
    await first.begun.promise;
    stop.abort();
    await second.begun.promise;
    expect(await aborted).toBe("aborted");
    second.end.resolve("succeeded");
    await passed;
  });
});

describe("the scheduler on p-queue", () => {
  it("keeps the slot of what runs when it is stopped, and waits for it", async () => {
    const stop = new AbortController();
    const tasks = new Map(["a", "b"].map((id) => [actionId(id), new Task()]));
    const actions = [...tasks.keys()].map((id) => ({ id, kind: "stop", after: [], expectedMs: 1 }));
    const begun: string[] = [];
    let isDone = false;
    const done = schedule({
      actions,
      remainingMs: new Map(),
      limits: limitsWith({ global: 1 }),
      stopStarting: stop.signal,
      run: async ({ id }) => {
        begun.push(id);
        return (await tasks.get(id)?.run()) ?? "failed";
      },
    }).finally(() => (isDone = true));
    await tasks.get(actionId("a"))?.begun.promise;
    stop.abort();
    await new Promise(setImmediate);
    expect([begun, isDone]).toEqual([["a"], false]);
    tasks.get(actionId("a"))?.end.resolve("succeeded");
    expect(Object.fromEntries(await done)).toEqual({ a: "succeeded", b: "skipped" });
    expect(begun).toEqual(["a"]);
  });
});
