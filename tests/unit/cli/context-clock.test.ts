import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/cli/context-clock.ts";

const LONG_MS = 1_000_000;
const reason = new Error("over");

describe("a sleep by the computer's clock", () => {
  it("ends with the reason of its signal", async () => {
    const stop = new AbortController();
    const slept = systemClock.sleep(LONG_MS, stop.signal);
    stop.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });

  it("does not begin where its signal has ended", async () => {
    await expect(systemClock.sleep(LONG_MS, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("lasts as long as it is to, and leaves nothing at its signal", async () => {
    const { signal } = new AbortController();
    const began = performance.now();
    await systemClock.sleep(5, signal);
    expect(performance.now() - began).toBeGreaterThanOrEqual(4);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("keeps no timer of one that was ended", async () => {
    const before = process.getActiveResourcesInfo().filter((each) => each === "Timeout").length;
    const stop = new AbortController();
    const slept = systemClock.sleep(LONG_MS, stop.signal).catch(() => undefined);
    stop.abort(reason);
    await slept;
    expect(process.getActiveResourcesInfo().filter((each) => each === "Timeout")).toHaveLength(before);
  });
});
