import { describe, expect, it } from "vitest";
import type { Driver } from "../../../src/driver/driver.ts";
import { Interrupt } from "../../../src/execute/interrupt.ts";
import { actionId, create, desired } from "../../support/execute-builders.ts";
import { play, testWorld } from "../../support/execute-world.ts";

describe("interrupts", () => {
  it("wait for what is in flight and start nothing more, the first time", async () => {
    const stopStarting = new AbortController();
    const world = testWorld({ latency: 1, before: () => stopStarting.abort() });
    const actions = [create("a"), create("b", { after: [actionId("machine.a:create")] })];
    const played = await play(world, {
      actions,
      settled: [desired("a"), desired("b")],
      options: { stopStarting: stopStarting.signal },
    });
    expect(played.endings).toEqual({ "machine.a:create": "succeeded", "machine.b:create": "skipped" });
    expect(played.results.get(actionId("machine.b:create"))).toEqual({ status: "skipped", reason: "interrupted" });
  });

  it("leave what is in flight with an open intent, the second time, and stop no client", async () => {
    const stopStarting = new AbortController();
    const stopWaiting = new AbortController();
    const world = testWorld({ latency: 1 });
    const signals: AbortSignal[] = [];
    const perform: Driver["perform"] = (operation, options) => world.driver.perform(operation, options);
    const driver = {
      ...world.driver,
      perform: async (...[operation, options]: Parameters<Driver["perform"]>) => {
        if (options.signal) signals.push(options.signal);
        await options.begin(null);
        stopStarting.abort();
        stopWaiting.abort();
        await perform(operation, { ...options, begin: async () => undefined });
      },
    };
    const played = await play(
      { ...world, driver },
      {
        actions: [create("a"), create("b", { after: [actionId("machine.a:create")] })],
        settled: [desired("a"), desired("b")],
        options: { stopStarting: stopStarting.signal, stopWaiting: stopWaiting.signal },
      },
    );
    expect(played.endings).toEqual({ "machine.a:create": "unknown", "machine.b:create": "skipped" });
    expect(played.journal.map(({ kind }) => kind)).toEqual(["intent"]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it("lets no operation of an action begin that was under way, after the second", async () => {
    const stopStarting = new AbortController();
    const stopWaiting = new AbortController();
    const world = testWorld();
    const released: string[] = [];
    const perform: Driver["perform"] = async (operation, options) => {
      // The client is made, and held, when the user stops waiting.
      stopStarting.abort();
      stopWaiting.abort();
      await options.begin(null);
      released.push(operation.verb);
    };
    const played = await play(
      { ...world, driver: { ...world.driver, perform } },
      {
        actions: [create("a")],
        settled: [desired("a")],
        options: { stopStarting: stopStarting.signal, stopWaiting: stopWaiting.signal },
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect([released, played.journal, played.endings]).toEqual([[], [], { "machine.a:create": "unknown" }]);
  });

  it("does not try again what failed after the first", async () => {
    const stopStarting = new AbortController();
    const world = testWorld({ faults: ["create-missing-ip"], before: () => stopStarting.abort() });
    const played = await play(world, {
      actions: [create("a")],
      settled: [desired("a")],
      options: { stopStarting: stopStarting.signal },
    });
    expect(played.endings).toEqual({ "machine.a:create": "failed" });
    expect(world.operations.length).toBe(1);
    // OrbStack said that it gave up, and nothing is there: nothing is left to look for.
    expect(played.snapshot.resources).toEqual({});
  });
});

describe("waiting that can be interrupted", () => {
  it("gives the work's result, or its error", async () => {
    for (const signal of [undefined, new AbortController().signal]) {
      const interrupt = new Interrupt(signal);
      expect(await interrupt.whileWaiting(Promise.resolve("made"))).toBe("made");
      await expect(interrupt.whileWaiting(Promise.reject(new Error("failed")))).rejects.toMatchObject({
        message: "failed",
      });
      expect(interrupt.aborted).toBe(false);
    }
  });

  it("ends all that is waited for at the second interrupt, and what is waited for after it", async () => {
    const second = new AbortController();
    const interrupt = new Interrupt(second.signal);
    const never = new Promise<string>(() => undefined);
    const waiting = [interrupt.whileWaiting(never), interrupt.whileWaiting(never)];
    second.abort();
    expect((await Promise.allSettled([...waiting, interrupt.whileWaiting(never)])).map(({ status }) => status)).toEqual(
      ["rejected", "rejected", "rejected"],
    );
    await expect(waiting[0]).rejects.toMatchObject({ message: "no longer waited for" });
    expect(interrupt.aborted).toBe(true);
  });

  it("leaves the work to fail by itself later, with nobody to hear it", async () => {
    const second = new AbortController();
    const { promise, reject } = Promise.withResolvers<string>();
    const waiting = new Interrupt(second.signal).whileWaiting(promise);
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on("unhandledRejection", hear);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ message: "no longer waited for" });
    reject(new Error("too late"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });
});
