import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../src/model/errors.ts";
import { JobQueue } from "../../../src/execute/job-queue.ts";

const job = (name: string) => async () => name;

/** Everything that can start, in turn. */
async function started(queue: JobQueue): Promise<readonly unknown[]> {
  const names: unknown[] = [];
  while (queue.size > 0) names.push(await queue.dequeue()?.());
  return names;
}

describe("the waiting jobs", () => {
  it("come out by the longest path, then in the order of the plan, whichever kind they are of", async () => {
    const queue = new JobQueue({ global: 10, byKind: {} });
    queue.enqueue(job("late"), { kind: "stop", remainingMs: 1, order: 3 });
    queue.enqueue(job("early"), { kind: "start", remainingMs: 1, order: 2 });
    queue.enqueue(job("first of its kind"), { kind: "stop", remainingMs: 1, order: 1 });
    queue.enqueue(job("long"), { kind: "start", remainingMs: 5, order: 4 });
    expect(await started(queue)).toEqual(["long", "first of its kind", "early", "late"]);
  });

  it("wait while their kind is full, and only those", async () => {
    const queue = new JobQueue({ global: 10, byKind: { create: 1 } });
    for (const order of [1, 2]) queue.enqueue(job(`create ${order}`), { kind: "create", remainingMs: 9, order });
    queue.enqueue(job("stop"), { kind: "stop", remainingMs: 1, order: 3 });
    expect(queue.size).toBe(2);
    expect(await started(queue)).toEqual(["create 1", "stop"]);
    expect([queue.isEmpty, queue.longestMs, queue.dequeue()]).toEqual([false, 9, undefined]);
    queue.release("create");
    expect(await started(queue)).toEqual(["create 2"]);
    expect([queue.isEmpty, queue.longestMs]).toEqual([true, 0]);
  });

  it("say how long the longest path before any of them is", () => {
    const queue = new JobQueue({ global: 10, byKind: {} });
    expect(queue.longestMs).toBe(0);
    for (const [order, kind] of ["stop", "start", "clone"].entries()) {
      queue.enqueue(job(kind), { kind, remainingMs: [3, 8, 5][order] ?? 0, order });
    }
    expect(queue.longestMs).toBe(8);
  });

  it("keep to a limit that was set below what runs already", () => {
    const queue = new JobQueue({ global: 10, byKind: { create: 2 } });
    for (const order of [1, 2, 3]) queue.enqueue(job("create"), { kind: "create", remainingMs: 0, order });
    queue.dequeue();
    queue.dequeue();
    queue.setLimit("create", 1);
    expect(queue.size).toBe(0);
    queue.release("create");
    expect([queue.size, queue.dequeue()]).toEqual([0, undefined]);
    queue.release("create");
    expect(queue.size).toBe(1);
  });

  it("can be enqueued bare: no path before them, and no limit", async () => {
    const queue = new JobQueue({ global: 10, byKind: { create: 1 } });
    queue.enqueue(job("bare"));
    queue.enqueue(job("first"), { remainingMs: 1 });
    expect(await started(queue)).toEqual(["first", "bare"]);
  });

  it("are never listed, moved or taken back", () => {
    const queue = new JobQueue({ global: 10, byKind: {} });
    queue.enqueue(job("one"));
    expect(queue.filter()).toEqual([]);
    expect(() => queue.setPriority()).toThrow(InvariantError);
    expect(() => queue.remove()).toThrow(InvariantError);
  });
});
