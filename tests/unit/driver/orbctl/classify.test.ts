import { describe, expect, test } from "vitest";
import { classify } from "../../../../src/driver/orbctl/classify.ts";
import { ownFailure } from "../../../../src/driver/orbctl/run-failure.ts";

const ended = { stdout: "", stderr: "", exitCode: 1, timedOut: false, aborted: false };

describe("a call that was stopped", () => {
  test.each([
    [{ timedOut: true }, "ORB_ORBCTL_TIMEOUT"],
    [{ aborted: true }, "ORB_INTERRUPTED"],
  ])("is unknown whatever it said", (how, code) => {
    const output = { ...ended, ...how, exitCode: null, stderr: "[-32098] machine already exists" };
    expect(classify(output, { command: "create" })).toMatchObject({ code, outcome: "unknown" });
  });

  test("from outside is unknown", () => {
    expect(classify({ ...ended, exitCode: null }, { command: "clone" })).toMatchObject({ outcome: "unknown" });
  });
});

describe("what users are shown", () => {
  test("holds no terminal controls and no endless text", () => {
    const stderr = `[-32098] \u001b]0;owned\u0007bad\u001b[2J\u0008${"x".repeat(2000)}\n`;
    const { detail } = classify({ ...ended, stderr }, { command: "create", subject: "a\u202eb" });
    expect(detail).toContain(String.raw`bad\u{8}xxx`);
    expect(detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(detail.length).toBeLessThan(800);
  });
});

describe("a run that failed", () => {
  test.each([
    [1, "[-32098] machine not found: 'x'", true],
    [1, "start VM: timed out waiting for VM to start", true],
    [1, "grep: no", false],
    [7, "[-32098] said by the command inside", false],
    [2, "panic: my own Go program", false],
    [2, "goroutine 1\ngithub.com/orbstack/macvirt/scon/cmd/scli", true],
    [0, "[-32098] nothing to see", false],
  ])("with exit %i and %j: its own failure is %s", (exitCode, stderr, own) => {
    expect(ownFailure({ ...ended, exitCode, stderr })).toBe(own);
  });
});
