import { describe, expect, it } from "vitest";
import { waitForChildren } from "../../../src/execute/recover.ts";
import { virtualClock } from "../../support/execute-clock.ts";

const children = [
  { pid: 1, startedAt: "a" },
  { pid: 2, startedAt: "b" },
];

const reap = async (): Promise<void> => undefined;

const isSecond = async ({ pid }: { pid: number }): Promise<boolean> => pid === 2;

describe("children of a run that died", () => {
  it("are waited for until the last has ended", async () => {
    const clock = virtualClock();
    const isAlive = async ({ pid }: { pid: number }) => clock.elapsed() < pid * 1000;
    expect(await waitForChildren(children, { isAlive, clock, timeoutMs: 60_000, reap })).toEqual([]);
    expect(clock.elapsed()).toBe(2000);
  });

  it("are named where they outlast the wait, and not stopped", async () => {
    const clock = virtualClock();
    expect(await waitForChildren(children, { isAlive: isSecond, clock, timeoutMs: 3000, reap })).toEqual([children[1]]);
    expect(clock.elapsed()).toBe(3000);
  });
});
