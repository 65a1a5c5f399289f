import { describe, expect, it } from "vitest";
import { supervise, type Sight } from "../../../src/execute/supervise.ts";
import { virtualClock, type VirtualClock } from "../../support/execute-clock.ts";

/** An operation whose client ends only when it is stopped, 5 s later. */
function hanging(clock: VirtualClock, stopped: number[] = []) {
  return async (signal: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    stopped.push(clock.elapsed());
    await clock.sleep(5000);
    throw new Error("stopped");
  };
}

const see =
  (...sights: Sight[]) =>
  async (): Promise<Sight> =>
    sights.shift() ?? "not done";

describe("supervise", () => {
  it("gives what the operation gives", async () => {
    const clock = virtualClock();
    await supervise(() => clock.sleep(100), { clock, timeoutMs: 1000, look: see() });
    expect(clock.elapsed()).toBe(100);
    const failing = supervise(() => Promise.reject(new Error("no")), { clock, timeoutMs: 1000, look: see() });
    await expect(failing).rejects.toThrow("no");
  });

  it("stops a client only after a look, and waits until it is gone", async () => {
    const clock = virtualClock();
    const stopped: number[] = [];
    const run = supervise(hanging(clock, stopped), { clock, timeoutMs: 1000, look: see("not done") });
    await expect(run).rejects.toThrow("stopped");
    expect(stopped).toEqual([1000]);
    expect(clock.elapsed()).toBe(6000);
  });

  it("takes what is seen to be done as done, and reaps the client", async () => {
    const clock = virtualClock();
    await supervise(hanging(clock), { clock, timeoutMs: 1000, look: see("done") });
    expect(clock.elapsed()).toBe(6000);
  });

  it("waits once more as long for what is on its way", async () => {
    const clock = virtualClock();
    const stopped: number[] = [];
    const look = see("on its way", "on its way");
    await expect(supervise(hanging(clock, stopped), { clock, timeoutMs: 10_000, look })).rejects.toThrow("stopped");
    expect(stopped).toEqual([20_000]);
  });

  it("waits as long again from when it looked, though the computer slept through the first wait", async () => {
    const clock = virtualClock();
    const stopped: number[] = [];
    let slept = 0;
    const look = async (): Promise<Sight> => {
      slept = 8 * 3_600_000;
      return "on its way";
    };
    const sleepy = { ...clock, now: () => clock.now() + slept, sleep: clock.sleep.bind(clock) };
    await expect(supervise(hanging(clock, stopped), { clock: sleepy, timeoutMs: 10_000, look })).rejects.toThrow(
      "stopped",
    );
    expect(stopped).toEqual([20_000]);
  });

  it("looks at a create from thirty seconds on", async () => {
    const clock = virtualClock();
    const stopped: number[] = [];
    const watch = { clock, timeoutMs: 600_000, watchAfterMs: 30_000, look: see("on its way", "not done", "done") };
    await supervise(hanging(clock, stopped), watch);
    expect(stopped).toEqual([32_000]);
  });
});
