import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { confirm } from "../../../src/cli/confirm.ts";
import { interruptExit, watchInterrupts } from "../../../src/cli/interrupts.ts";
import { Still } from "../../../src/cli/still.ts";
import { JsonTeller } from "../../../src/cli/teller-json.ts";
import { TextTeller } from "../../../src/cli/teller-text.ts";
import { planWith, started, succeeded } from "../../support/report-builders.ts";
import { silentConsole } from "../../support/silent-console.ts";

const question = { text: "Sure? ", flag: "--yes", approving: "what is asked" };

function asking(answer: string | undefined, interactive = true) {
  const input = new PassThrough();
  const output = new PassThrough();
  if (answer !== undefined) input.end(answer);
  return { input, output, interactive, signal: new AbortController().signal };
}

describe("a question", () => {
  test.each([
    ["yes\n", true],
    ["y\n", false],
    ["YES\n", false],
    ["no\n", false],
    ["", false],
  ])("answered with %j approves: %j", async (answer, approved) => {
    expect(await confirm(question, asking(answer))).toBe(approved);
  });

  test("is not asked where nobody is, and the error names the flag", async () => {
    await expect(confirm(question, asking("yes\n", false))).rejects.toMatchObject({
      code: "ORB_NOT_APPROVED",
      hint: "Add --yes to approve what is asked.",
    });
  });

  test("is not asked where that was forbidden, and the error says so", async () => {
    const silent = { ...asking("yes\n", false), silent: true };
    await expect(confirm(question, silent)).rejects.toMatchObject({
      detail: expect.stringContaining("told to ask nothing (--input=false"),
    });
  });

  test("ends with an interrupt as not approved", async () => {
    const controller = new AbortController();
    const answer = confirm(question, { ...asking(undefined), signal: controller.signal });
    controller.abort();
    expect(await answer).toBe(false);
  });
});

describe("signals", () => {
  test("first stop the starting, then the waiting, and no more", () => {
    const source = new EventEmitter();
    const told: string[] = [];
    const interrupts = watchInterrupts(source, (message) => told.push(message));
    source.emit("SIGTERM");
    expect([interrupts.stopStarting.aborted, interrupts.stopWaiting.aborted]).toEqual([true, false]);
    source.emit("SIGINT");
    source.emit("SIGHUP");
    expect([interrupts.stopWaiting.aborted, interrupts.first(), told.length]).toEqual([true, "SIGTERM", 2]);
    interrupts.dispose();
    expect(source.eventNames()).toEqual([]);
  });

  test("give the exit codes of the shell", () => {
    expect([interruptExit("SIGINT"), interruptExit("SIGTERM")]).toEqual([130, 143]);
  });
});

function fakeConsole() {
  const out: string[] = [];
  const err: string[] = [];
  let now = 0;
  const console = silentConsole({ out: (text) => out.push(text), err: (text) => err.push(text), now: () => now });
  return { console, out, err, pass: (ms: number) => (now += ms) };
}

test("an action under way is told of every ten seconds", () => {
  const { console, pass } = fakeConsole();
  const told: number[] = [];
  const still = new Still(console, (_running, now) => told.push(now));
  still.event(started("machine.a", 0));
  for (let second = 0; second < 25; second++) {
    pass(1000);
    still.tick();
  }
  still.event(succeeded("machine.a", 25_000, 25_000));
  pass(10_000);
  still.tick();
  still.end();
  expect(told).toEqual([10_000, 20_000]);
});

const problem = { severity: "error", code: "ORB_NO_ORBCTL", summary: "No orbctl", detail: "None." } as const;
const noCounts = { added: 0, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 };

const types = (out: readonly string[]): readonly string[] => out.map((line) => JSON.parse(line).type);

describe("JSON lines", () => {
  test("begin with the version and end with a summary, on failure too", () => {
    const { console, out } = fakeConsole();
    new JsonTeller(console, "1.0.0").failed([problem], "plan");
    expect(types(out)).toEqual(["version", "diagnostic", "change_summary"]);
    expect(JSON.parse(out.at(-1) ?? "")).toMatchObject({ changes: { operation: "plan", errored: true } });
  });

  test("have one summary only", () => {
    const { console, out } = fakeConsole();
    const teller = new JsonTeller(console, "1.0.0");
    teller.event(started("machine.a", 0));
    teller.applied({
      operation: "apply",
      failed: 0,
      skipped: 0,
      unknown: 0,
      counts: noCounts,
      outputs: {},
      interrupted: false,
    });
    teller.end();
    expect(types(out)).toEqual(["version", "apply_start", "change_summary"]);
  });
});

const telling = {
  text: () => "Timings\n",
  line: () => ({ level: "info", message: "Timings", type: "timings", body: {} }) as const,
};

describe("timings", () => {
  test("are a line before the summary, once, also of a command that failed", () => {
    const { console, out } = fakeConsole();
    const teller = new JsonTeller(console, "1.0.0");
    teller.timed(telling);
    teller.failed([problem], "apply");
    teller.last();
    expect(types(out)).toEqual(["version", "diagnostic", "timings", "change_summary"]);
  });

  test("come after the version where nothing else was told", () => {
    const { console, out } = fakeConsole();
    const teller = new JsonTeller(console, "1.0.0");
    teller.timed(telling);
    teller.planned(planWith());
    teller.last();
    expect(types(out)).toEqual(["version", "timings", "change_summary"]);
  });

  test("are a line of their own behind the one object that a command answers with", () => {
    const { console, out } = fakeConsole();
    const teller = new JsonTeller(console, "1.0.0");
    teller.timed(telling);
    teller.last();
    expect(types(out)).toEqual(["timings"]);
  });

  test("are told on standard error at the end, once, and leave the answer as it is", () => {
    const { console, out, err } = fakeConsole();
    const teller = new TextTeller(console);
    teller.timed(telling);
    teller.failed([]);
    expect(err).toEqual([]);
    teller.last();
    teller.last();
    expect([out, err]).toEqual([[], ["Timings\n"]]);
  });
});

describe("text", () => {
  test("answers on standard output and tells on standard error", () => {
    const { console, out, err } = fakeConsole();
    const teller = new TextTeller(console);
    teller.plan(planWith());
    teller.event(started("machine.a", 0));
    teller.event(succeeded("machine.a", 1000, 1000));
    teller.applied({
      operation: "apply",
      failed: 0,
      skipped: 0,
      unknown: 0,
      counts: { ...noCounts, added: 1 },
      outputs: {},
      interrupted: false,
    });
    teller.end();
    expect(err.join("")).toBe("machine.a: Creating...\nmachine.a: Creation complete after 1s [id=01JMACHINE]\n");
    expect(out.at(-1)).toBe("\nApply complete! Resources: 1 added, 0 changed, 0 destroyed.\n");
  });

  test("never calls an apply complete that isn't", () => {
    const { console, out, err } = fakeConsole();
    const teller = new TextTeller(console);
    teller.applied({
      operation: "apply",
      failed: 1,
      skipped: 2,
      unknown: 0,
      counts: noCounts,
      outputs: {},
      interrupted: false,
    });
    expect(out).toEqual([]);
    expect(err.join("")).toContain("Apply incomplete");
  });
});
