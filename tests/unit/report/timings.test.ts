import { expect, test } from "vitest";
import type { Happening } from "../../../src/model/happening.ts";
import { spanText } from "../../../src/report/duration.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { timingsOf } from "../../../src/report/timings.ts";
import { timingsText } from "../../../src/report/timings-text.ts";
import { create } from "../../support/execute-builders.ts";
import { planWith, started, succeeded } from "../../support/report-builders.ts";

const call = (command: string, tookMs: number, exitCode: number | null = 0): Happening => ({
  event: "call ended",
  command,
  words: [command],
  at: 0,
  tookMs,
  exitCode,
  ending: exitCode === null ? "timed out" : "exited",
  printedBytes: 0,
});

test.each([
  [-1, "0ms"],
  [0, "0ms"],
  [999.9, "999ms"],
  [1000, "1.0s"],
  [59_999, "59.9s"],
  [60_000, "1m0s"],
  [3_723_000, "1h2m3s"],
])("%d ms are written %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test("the calls of a command are added up, the longest first, and those that failed are counted", () => {
  const calls = [call("list", 10), call("status", 5), call("list", 30, 1), call("info", 5), call("run", 100, null)];
  expect(timingsOf(calls, 150).calls).toEqual([
    { command: "run", count: 1, failed: 1, totalMs: 100, slowestMs: 100 },
    { command: "list", count: 2, failed: 1, totalMs: 40, slowestMs: 30 },
    { command: "info", count: 1, failed: 0, totalMs: 5, slowestMs: 5 },
    { command: "status", count: 1, failed: 0, totalMs: 5, slowestMs: 5 },
  ]);
});

test("an action has waited since the last of those it needs ended, or since the first began", () => {
  const a = create("a");
  const b = create("b", { after: [a.id] });
  const c = create("c", { afterEnd: [b.id] });
  const d = create("d");
  const { actions } = timingsOf(
    [
      { event: "planned", at: 0, plan: planWith({ actions: [a, b, c, d] }) },
      started("machine.a", 500),
      succeeded("machine.a", 1500, 1000),
      started("machine.b", 1600),
      started("machine.d", 1700),
      succeeded("machine.b", 2000, 400),
      started("machine.c", 2000),
      succeeded("machine.c", 2500, 500),
      succeeded("machine.d", 9000, 7300),
    ],
    9000,
  );
  expect(actions.map(({ address, beganMs, waitedMs, tookMs }) => [address, beganMs, waitedMs, tookMs])).toEqual([
    ["machine.a", 0, 0, 1000],
    ["machine.b", 1100, 100, 400],
    ["machine.d", 1200, 1200, 7300],
    ["machine.c", 1500, 0, 500],
  ]);
});

test("machines stand in the order in which work on them began, with what came of it", () => {
  const done = (machine: string, at: number, tookMs: number) =>
    ({ event: "machine done", machine, outcome: machine === "b" ? "failed" : "succeeded", at, tookMs }) as const;
  const timings = timingsOf([done("b", 700, 600), done("a", 2100, 2000), done("c", 3000, 900)], 3100);
  expect(timings.machines.map(({ machine, beganMs, tookMs }) => [machine, beganMs, tookMs])).toEqual([
    ["b", 0, 600],
    ["a", 0, 2000],
    ["c", 2000, 900],
  ]);
  expect(timingsText(timings, PLAIN)).toMatchInlineSnapshot(`
    "
    Timings: 3.1s in all; 3 machines, 0 calls of orbctl

      began   took  machine
       +0ms  600ms  b (failed)
       +0ms   2.0s  a
      +2.0s  900ms  c
    "
  `);
});

test("an action that has not ended has no time, one that was not begun neither", () => {
  const { actions } = timingsOf([started("machine.a", 0)], 10);
  expect(actions).toEqual([]);
});

test("what a machine could have written steers no terminal", () => {
  const text = timingsText(timingsOf([call("\u001b[2Jlist\n", 1)], 1), PLAIN);
  expect(text).toBe(
    "\nTimings: 1ms in all; 1 call of orbctl\n\n  calls  total  slowest  orbctl\n      1    1ms      1ms  list\\n\n",
  );
});
