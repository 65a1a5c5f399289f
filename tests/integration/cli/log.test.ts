import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLog, type Log } from "../../../src/cli/log.ts";
import type { Happening } from "../../../src/model/happening.ts";
import { actionId, at, started, succeeded } from "../../support/report-builders.ts";
import { silentConsole } from "../../support/silent-console.ts";

const SECRET = "hunter2";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A log with this environment, and what it wrote on standard error. */
function opened(env: Record<string, string>): { readonly log: Log; readonly err: string[] } {
  const err: string[] = [];
  const console = silentConsole({ env, cwd: folder, err: (text) => err.push(text), now: () => Date.UTC(2026, 0, 1) });
  return { log: openLog("apply", console), err };
}

interface Line {
  readonly "@level": string;
  readonly "@message": string;
  readonly [field: string]: unknown;
}

const lines = (text: string): readonly Line[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const CALL = { command: "list", words: ["list"], at: 0 };
const of = (address: string) =>
  ({ action: actionId(`${address}:create`), address: at(address), does: "create", at: 0 }) as const;
const HAPPENINGS: readonly Happening[] = [
  { event: "call began", ...CALL },
  { event: "call ended", ...CALL, tookMs: 7, ending: "exited", exitCode: 0, printedBytes: 3 },
  started("machine.a", 0),
  succeeded("machine.a", 1000, 1000),
  {
    ...of("machine.b"),
    event: "failed",
    tookMs: 5,
    problem: { severity: "error", code: "ORB_ORBCTL_FAILED", summary: "It failed", detail: `It said ${SECRET}.` },
  },
  {
    ...of("machine.c"),
    event: "retrying",
    attempt: 2,
    inMs: 5,
    problem: { severity: "error", code: "ORB_ORBCTL_FAILED", summary: "It failed", detail: SECRET },
  },
];

describe("a level has all that is worse", () => {
  test.each([
    ["error", { error: 1 }],
    ["WARN", { error: 1, warn: 1 }],
    ["info", { error: 1, warn: 1, info: 2 }],
    [" debug ", { error: 1, warn: 1, info: 2, debug: 3 }],
    ["trace", { error: 1, warn: 1, info: 2, debug: 3, trace: 1 }],
  ])("%s", (level, expected) => {
    const { log, err } = opened({ ORBFORM_LOG: level });
    for (const each of HAPPENINGS) log.watch(each);
    log.ended(0);
    const counts: Record<string, number> = {};
    for (const line of lines(err.join(""))) counts[line["@level"]] = (counts[line["@level"]] ?? 0) + 1;
    expect(counts).toEqual(expected);
    expect(err.join("")).not.toContain(SECRET);
  });
});

test("a word that is no level is trace, and the first line says so", () => {
  const { err } = opened({ ORBFORM_LOG: "dbug" });
  expect(lines(err.join("")).map((line) => [line["@level"], line["@message"]])).toEqual([
    ["warn", 'ORBFORM_LOG is "dbug": taken as trace. There are: error, warn, info, debug, trace, off.'],
    ["info", "apply: begins"],
  ]);
});

test("a file is made for its owner alone, from where the command was given, and appended to", () => {
  const env = { ORBFORM_LOG: "info", ORBFORM_LOG_PATH: "orb.log" };
  const path = join(folder, "orb.log");
  for (const exit of [0, 2]) {
    const { log, err } = opened(env);
    expect([log.onStderr, err]).toEqual([false, []]);
    log.ended(exit);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(lines(readFileSync(path, "utf8")).map((line) => line["exit"] ?? "begins")).toEqual(["begins", 0, "begins", 2]);
});

test("a file that can't be written is standard error, and a line says so", () => {
  writeFileSync(join(folder, "file"), "");
  const { log, err } = opened({ ORBFORM_LOG: "warn", ORBFORM_LOG_PATH: "file/orb.log" });
  expect(log.onStderr).toBe(true);
  expect(lines(err.join(""))[0]).toMatchObject({
    "@level": "warn",
    "@message": "ORBFORM_LOG_PATH can't be written (ENOTDIR): logging here.",
  });
});

test("what is done on a machine is logged with what came of it and how long it took", () => {
  const { log, err } = opened({ ORBFORM_LOG: "debug" });
  const done = { event: "machine done", at: 0, tookMs: 7 } as const;
  log.watch({ ...done, machine: "web", outcome: "succeeded", exitCode: 0 });
  log.watch({ ...done, machine: "db", outcome: "unreachable", code: "ORB_CONNECTION" });
  expect(lines(err.join("")).slice(1)).toMatchObject([
    { "@level": "debug", operation: "machine", machine: "web", exit: 0, duration_ms: 7 },
    { "@level": "error", operation: "machine", machine: "db", code: "ORB_CONNECTION", duration_ms: 7 },
  ]);
});

test("an error of the command is logged by code, without what it says of the user's machines", () => {
  const { log, err } = opened({ ORBFORM_LOG: "error" });
  log.failed([
    { severity: "error", code: "ORB_STATE_LOCKED", summary: "State is locked", detail: SECRET, hint: SECRET },
  ]);
  expect(lines(err.join(""))).toEqual([
    {
      "@level": "error",
      "@message": "State is locked",
      "@module": "orbform",
      "@timestamp": "2026-01-01T00:00:00.000Z",
      pid: process.pid,
      operation: "command",
      code: "ORB_STATE_LOCKED",
    },
  ]);
});

test("terminal controls are gone, whoever wrote them", () => {
  const { log, err } = opened({ ORBFORM_LOG: "trace" });
  log.watch({ event: "call began", command: "list", words: ["a\u001b[2Jb", "c\u009b31m", "d\u202ee"], at: 0 });
  const [, line] = lines(err.join(""));
  expect(line?.["words"]).toEqual(["ab", "c", String.raw`d\u{202e}e`]);
});
