import { describe, expect, it } from "vitest";
import type { Driver, ExecRequest, ExecResult } from "../../../src/driver/driver.ts";
import { isListening } from "../../../src/execute/listening.ts";
import { waitReady } from "../../../src/execute/ready.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { Ready } from "../../../src/model/resource.ts";
import { virtualClock } from "../../support/execute-clock.ts";
import { testWorld } from "../../support/execute-world.ts";

const OK: ExecResult = { exitCode: 0, stdout: "", stderr: "" };

function wait(ready: Ready, inside: (request: ExecRequest) => ExecResult) {
  const clock = virtualClock();
  const driver: Driver = { ...testWorld().driver, exec: async (request) => inside(request) };
  return waitReady({ driver, clock }, machineId("01J"), ready);
}

/** Answers `true`, and gives this for everything else. */
const only =
  (result: Partial<ExecResult>) =>
  (request: ExecRequest): ExecResult =>
    request.command[0] === "true" ? OK : { ...OK, ...result };

const refuse = (): ExecResult => {
  throw new Error("connection refused");
};

const cloudInit: Ready = { kind: "cloud-init", timeoutMs: 10_000 };
const command: Ready = { kind: "command", command: ["check"], timeoutMs: 10_000 };

describe("readiness", () => {
  it("waits until the machine answers", async () => {
    let refusals = 3;
    const inside = (): ExecResult => (refusals-- > 0 ? { ...OK, exitCode: 1 } : OK);
    expect(await wait({ kind: "answers", timeoutMs: 60_000 }, inside)).toEqual({ status: "ready" });
  });

  it("times out where it never answers", async () => {
    expect(await wait({ kind: "answers", timeoutMs: 5000 }, refuse)).toMatchObject({
      status: "unready",
      reason: "timed out",
    });
  });

  it.each([
    ["is ready when cloud-init is done", { stdout: "status: done" }, { status: "ready" }],
    [
      "warns of what cloud-init recovered from",
      { exitCode: 2, stdout: "status: degraded" },
      { status: "ready", warning: expect.anything() },
    ],
    ["fails with cloud-init", { exitCode: 1, stdout: "status: error" }, { status: "unready", reason: "failed" }],
    [
      "fails without cloud-init in the image",
      { exitCode: 127, stderr: "cloud-init: not found" },
      { status: "unready", reason: "failed" },
    ],
    [
      "takes an exit code without a verdict for no answer",
      { exitCode: 1, stderr: "EOF" },
      { status: "unready", reason: "timed out" },
    ],
  ])("%s", async (_, result, readiness) => {
    expect(await wait(cloudInit, only(result))).toMatchObject(readiness);
  });

  it("asks the ready command until its time is over; its last word is the verdict", async () => {
    expect(await wait(command, only({ exitCode: 3, stderr: "not yet" }))).toMatchObject({
      status: "unready",
      reason: "failed",
    });
    let asked = 0;
    const inside = (request: ExecRequest) => only({ exitCode: (asked += 1) > 5 ? 0 : 3 })(request);
    expect(await wait(command, inside)).toEqual({ status: "ready" });
  });

  it("sees that something listens on a port", async () => {
    const line = "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1 0 100 0 0 10 0";
    expect(isListening(line, 8080)).toBe(true);
    expect(isListening(line, 8081)).toBe(false);
    expect(isListening(line.replace(" 0A ", " 01 "), 8080)).toBe(false);
    const tcp: Ready = { kind: "tcp", port: 8080, timeoutMs: 5000 };
    expect(await wait(tcp, only({ stdout: line }))).toEqual({ status: "ready" });
    expect(await wait(tcp, only({}))).toMatchObject({ status: "unready", reason: "timed out" });
  });
});
