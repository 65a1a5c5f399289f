import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { durationText } from "../../../src/report/duration.ts";
import { diagnosticJson, diagnosticText, validationJson } from "../../../src/report/diagnostics.ts";
import { countApplied, tally, type Ended } from "../../../src/report/count-applied.ts";
import { applySummaryLine, lineText, planSummaryLine, versionLine } from "../../../src/report/events-json.ts";
import { outputsDotenv, outputsJson, outputsText } from "../../../src/report/outputs-text.ts";
import { changesAnything, completeLine, summaryLine } from "../../../src/report/plan-summary.ts";
import { advance, eventLine, liveLines, NO_PROGRESS, stillLine } from "../../../src/report/progress.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { statusText } from "../../../src/report/status-text.ts";
import { liveMachine } from "../../support/plan-builders.ts";
import { actionId, at, change, planWith, renaming, started, succeeded } from "../../support/report-builders.ts";

test.each([
  [0, "0s"],
  [59_999, "59s"],
  [65_000, "1m5s"],
  [7_203_000, "2h0m3s"],
])("writes %d ms as %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

describe("summaries", () => {
  test.each([
    [{ add: 1, change: 2, destroy: 3, forget: 0, adopt: 0 }, "Plan: 1 to add, 2 to change, 3 to destroy."],
    [
      { add: 0, change: 0, destroy: 0, forget: 2, adopt: 1 },
      "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy, 2 to forget.",
    ],
  ])("of a plan are Terraform's to the byte", (summary, line) => {
    expect(summaryLine(summary)).toBe(line);
  });

  test("of an apply and a destroy are Terraform's to the byte", () => {
    const counts = { added: 1, changed: 2, destroyed: 3, forgotten: 0, adopted: 0 };
    expect(completeLine(counts, "apply")).toBe("Apply complete! Resources: 1 added, 2 changed, 3 destroyed.");
    expect(completeLine(counts, "destroy")).toBe("Destroy complete! Resources: 3 destroyed.");
  });

  test("count a move as a change, and recovery and folded drift as none", () => {
    const moved = change("machine.a", { action: "no-op", previousAddress: at("machine.b") });
    expect(changesAnything(planWith({ changes: [moved] }))).toBe(true);
    expect(changesAnything(planWith({ changes: [change("machine.a", { action: "no-op", recovered: true })] }))).toBe(
      false,
    );
  });

  test("of a failed apply are partial, and of a successful one aren't", () => {
    const counts = { added: 1, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 };
    const end = { operation: "apply", failed: 1, skipped: 2, unknown: 0 } as const;
    expect(applySummaryLine(counts, end).body).toEqual({
      changes: {
        add: 1,
        change: 0,
        import: 0,
        remove: 0,
        forget: 0,
        operation: "apply",
        partial: true,
        failed: 1,
        skipped: 2,
        unknown: 0,
      },
    });
    expect(applySummaryLine(counts, { ...end, failed: 0, skipped: 0 }).message).toBe(
      "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
    );
  });

  test("of a plan with errors say so", () => {
    const error = { severity: "error", code: "ORB_NAME_TAKEN", summary: "s", detail: "d" } as const;
    expect(planSummaryLine(planWith({ diagnostics: [error] })).body["changes"]).toMatchObject({ errored: true });
    expect(planSummaryLine(planWith()).body["changes"]).not.toHaveProperty("errored");
  });
});

test("counts a replacement's halves each on its own", () => {
  const away = renaming("machine.a", { from: "a", to: "b" });
  const plan = planWith({ changes: [change("machine.a", { actions: [away.id, actionId("x")] })], actions: [away] });
  const done = new Map<ReturnType<typeof actionId>, Ended>([
    [away.id, { status: "succeeded" }],
    [actionId("x"), { status: "failed" }],
  ]);
  expect(countApplied(plan, done)).toEqual({ added: 0, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 });
  expect(tally(done)).toEqual({ failed: 1, skipped: 0, unknown: 0, problems: [] });
  expect(countApplied(plan, new Map([...done].map(([id]) => [id, { status: "succeeded" } as const]))).changed).toBe(1);
});

test("counts what was to be destroyed and was left as forgotten", () => {
  const gone = actionId("machine.a:remove");
  const plan = planWith({ changes: [change("machine.a", { action: "delete", actions: [gone] })] });
  const counts = (ended: Ended) => countApplied(plan, new Map([[gone, ended]]));
  expect(counts({ status: "succeeded" })).toMatchObject({ destroyed: 1, forgotten: 0 });
  expect(counts({ status: "succeeded", left: true })).toMatchObject({ destroyed: 0, forgotten: 1 });
});

describe("progress", () => {
  test("speaks Terraform's words", () => {
    expect(eventLine(started("machine.web", 0), PLAIN)).toBe("machine.web: Creating...");
    expect(eventLine(succeeded("machine.web", 3000, 3000), PLAIN)).toBe(
      "machine.web: Creation complete after 3s [id=01JMACHINE]",
    );
  });

  test("knows what runs, and for how long", () => {
    const running = advance(advance(NO_PROGRESS, started("machine.a", 0)), started("machine.b", 0));
    const [first] = running.running.values();
    expect(first && stillLine(first, 70_000)).toBe("machine.a: Still creating... [1m10s elapsed]");
    const later = advance(running, succeeded("machine.a", 5000, 5000));
    expect([...later.running.keys()]).toEqual(["machine.b:create"]);
  });

  test("draws what runs, how far it is, and how long it may take", () => {
    const counts = {
      event: "counts",
      at: 0,
      total: 9,
      running: 3,
      waiting: 4,
      succeeded: 1,
      failed: 1,
      skipped: 0,
      unknown: 0,
    } as const;
    let progress = advance(NO_PROGRESS, { ...counts, remainingWorkMs: 90_000, remainingPathMs: 45_000 });
    for (const name of ["a", "b", "c"]) progress = advance(progress, started(`machine.${name}`, 0));
    expect(liveLines(progress, { now: 4000, rows: 2, theme: PLAIN })).toMatchInlineSnapshot(`
      "  machine.a: creating 4s of about 20s
        machine.b: creating 4s of about 20s
        … and 1 more
      2 of 9 done, 3 running, 4 waiting, 1 failed; about 45s left"
    `);
  });
});

describe("diagnostics", () => {
  const diagnostic = {
    severity: "error",
    code: "ORB_NAME_TAKEN",
    summary: "The name is taken",
    detail: "A machine named web exists.",
    hint: "Run `orb adopt machine.web web`.",
    address: "machine.web",
    place: { file: "stacks/dev.ts", line: 2, column: 7 },
  } as const;
  const source = 'import x;\nconst web = machine({ image: "é" });\n';

  test("show place, line, reason and what to do", () => {
    expect(diagnosticText(diagnostic, { theme: PLAIN, ruled: true, source })).toMatchInlineSnapshot(`
      "╷
      │ Error: The name is taken (ORB_NAME_TAKEN)
      │ 
      │   on stacks/dev.ts line 2, in machine.web:
      │   2: const web = machine({ image: "é" });
      │ 
      │ A machine named web exists.
      │ 
      │ Run \`orb adopt machine.web web\`.
      ╵
      "
    `);
  });

  test("have Terraform's range and snippet in JSON", () => {
    expect(diagnosticJson(diagnostic, source)).toMatchObject({
      range: { filename: "stacks/dev.ts", start: { line: 2, column: 7, byte: 16 } },
      snippet: { code: 'const web = machine({ image: "é" });', start_line: 2, highlight_start_offset: 6 },
    });
    expect(validationJson([diagnostic])).toMatchObject({
      format_version: "1.0",
      valid: false,
      error_count: 1,
      warning_count: 0,
    });
  });

  test("let no terminal control through", () => {
    const hostile = { ...diagnostic, detail: "x\u001b]0;t\u0007\u001b[2Jy", address: "a\u202e" };
    const text = diagnosticText(hostile, { theme: PLAIN, ruled: false });
    expect(["\u0007", "\u001b", "\u202e"].filter((control) => text.includes(control))).toEqual([]);
  });
});

describe("outputs", () => {
  const outputs = {
    webAddress: { value: '10.0.0.1 "$x"\n', sensitive: false },
    secret: { value: null, sensitive: true },
    list: { value: [1, 2], sensitive: false },
  };

  test("as text never show what is sensitive", () => {
    expect(outputsText(outputs)).toBe(
      'list       = [1, 2]\nsecret     = <sensitive>\nwebAddress = "10.0.0.1 \\"$x\\"\\n"\n',
    );
  });

  test("as JSON have Terraform's shape", () => {
    expect(outputsJson(outputs)).toEqual({
      list: { sensitive: false, type: ["tuple", ["number", "number"]], value: [1, 2] },
      secret: { sensitive: true },
      webAddress: { sensitive: false, type: "string", value: '10.0.0.1 "$x"\n' },
    });
  });

  test("as dotenv lines expand nothing", () => {
    expect(outputsDotenv(outputs)).toBe(`LIST="[1,2]"\nWEB_ADDRESS='10.0.0.1 "$x"\n'\n`);
  });

  test.each([
    "plain",
    "",
    "two words",
    "#1",
    "a$b",
    "`id`",
    "$(id)",
    String.raw`back\slash`,
    'say "hi"',
    "two\nlines",
    "it's",
  ])("%j is read back by a shell and by Node", (value) => {
    const lines = outputsDotenv({ value: { value, sensitive: false } });
    const { stdout } = spawnSync("sh", ["-c", `${lines}printf %s "$VALUE"`], { encoding: "utf8" });
    expect([stdout, parseEnv(lines)["VALUE"]]).toEqual([value, value]);
  });
});

test("begins JSON lines with a version", () => {
  const line = JSON.parse(lineText(versionLine("1.2.3"), "2026-01-01T00:00:00.000Z"));
  expect(line).toEqual({
    "@level": "info",
    "@message": "Orbform 1.2.3",
    "@module": "orbform.ui",
    "@timestamp": "2026-01-01T00:00:00.000Z",
    orbform: "1.2.3",
    type: "version",
    ui: "1.2",
  });
});

test("writes no control and no invisible character into JSON lines, and loses none", () => {
  const name = "a\u009b31m\u001b[31m\u202e\u2028\u200b\ufeffé";
  const text = lineText({ level: "info", message: name, type: "log", body: { name } }, "");
  expect(text).toMatch(/^[ -~é]*$/);
  expect(JSON.parse(text)).toMatchObject({ name });
});

test("writes what a machine is set to as what it is: without quotes", () => {
  const text = statusText(
    [{ machine: liveMachine("web", { settings: { user: "ada", memoryMiB: 4096, cpus: 2 } }) }],
    PLAIN,
  );
  const rows = text.split("\n").map((line) => line.trim().split(/ += /));
  expect(rows.filter(([name = ""]) => ["user", "memory", "cpus", "state"].includes(name))).toEqual([
    ["state", "running"],
    ["cpus", "2"],
    ["memory", "4G"],
    ["user", "ada"],
  ]);
});
