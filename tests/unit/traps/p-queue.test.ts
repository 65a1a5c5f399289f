import PQueue from "p-queue";
import { describe, expect, it } from "vitest";

/** Why the scheduler never hands `timeout` or `signal` to p-queue: see docs/adr/0002-dependencies.md. */
describe("p-queue", () => {
  it("frees a timed-out task's slot while the task still runs", async () => {
    const queue = new PQueue({ concurrency: 1 });
    let running = 0;
    let most = 0;
    const finished = Promise.withResolvers<void>();
    const task = async (until: Promise<void>): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await until;
      running -= 1;
    };
    const first = queue.add(() => task(finished.promise), { timeout: 1 }).catch(() => undefined);
    const second = queue.add(() => task(Promise.resolve()));
    await Promise.all([first, second]);
    finished.resolve();
    expect(most).toBe(2);
  });
});
