import { describe, expect, test } from "vitest";
import type { Driver, ExecRequest } from "../../../src/driver/driver.ts";
import { fateScript } from "../../../src/guest/hold.ts";
import { insideEnded } from "../../../src/execute/recover-inside.ts";
import { actionId } from "../../../src/model/action.ts";
import { address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { DriverError } from "../../../src/driver/errors.ts";
import { machineId, type MachineState } from "../../../src/model/machine.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { at } from "../../support/execute-builders.ts";

const ADA_AT = address("user", "ada");
const MACHINE = machineId("id-web");
const IMAGE = { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" };
const ADA: InsideResource = {
  type: "user",
  revision: 1,
  lifecycle: DEFAULT_LIFECYCLE,
  dependencies: [],
  on: at("web"),
  machine: MACHINE,
  inputs: { type: "user", name: "ada" },
  seen: { type: "user", exists: false },
  original: { type: "user", exists: false },
  unfinished: true,
};

interface Left {
  /** How often a look finds a script at work. */
  readonly busy: number;
  readonly state?: MachineState;
  /** OrbStack itself doesn't run. */
  readonly isServiceStopped?: boolean;
  readonly signal?: AbortSignal;
  readonly left?: InsideResource;
  /** The run wrote down by what to ask for it. */
  readonly isScripted?: boolean;
}

const TOKEN = "orb-11111111-1111";

const serviceStopped = (): DriverError =>
  new DriverError("ORB_SERVICE_STOPPED", {
    kind: "service starting",
    outcome: "nothing",
    summary: "OrbStack is not running",
    detail: "",
  });

/** Takes over from a run that began something, with a minute for it, when it died. */
async function takeOver({ busy, state = "running", isServiceStopped = false, signal, left = ADA, ...more }: Left) {
  const told: string[] = [];
  let now = 0;
  let looks = 0;
  const driver: Pick<Driver, "observe" | "exec"> = {
    observe: async () => {
      if (isServiceStopped) throw serviceStopped();
      return {
        machines: [{ id: MACHINE, name: "web", state, image: IMAGE, builtin: false, settings: {} }],
        settings: {},
      };
    },
    exec: async ({ command }: ExecRequest) => {
      const [, token = ""] = /token=(\S+)/.exec(command[2] ?? "") ?? [];
      expect(command[2]).not.toBe(fateScript(TOKEN, token));
      looks += 1;
      const free = `\n${token} held free b .\n\n${token} facts\n\n${token} end - 0\n`;
      return { exitCode: 0, stdout: looks <= busy ? `\n${token} held busy b .\n` : free, stderr: "" };
    },
  };
  const script = more.isScripted === true && { script: { token: TOKEN, boot: "b" } };
  const outcomes = await insideEnded(
    {
      open: [{ action: actionId(ADA_AT, "write"), address: ADA_AT, at: 0, timeoutMs: 60_000, ...script }],
      snapshot: { resources: { [ADA_AT]: left } },
      driver,
      clock: { now: () => now, sleep: async (ms) => void (now += ms), random: () => 0 },
    },
    { tell: (notice) => told.push(notice), signal },
  );
  return { told: told.length, looks, tookMs: now, ...(outcomes.length > 0 && { outcomes }) };
}

describe("what a dead run began inside a machine", () => {
  test("is waited for until it has ended", async () => {
    expect(await takeOver({ busy: 3 })).toEqual({ told: 1, looks: 4, tookMs: 6000 });
  });

  test("is waited for no longer than its time", async () => {
    expect(await takeOver({ busy: 1000 })).toMatchObject({ tookMs: 60_000 });
  });

  test("is not looked for in a machine that is stopped, for that would start it", async () => {
    expect(await takeOver({ busy: 3, state: "stopped" })).toEqual({ told: 0, looks: 0, tookMs: 0 });
  });

  test("is not looked for while OrbStack is stopped, for that would start it", async () => {
    expect(await takeOver({ busy: 3, isServiceStopped: true })).toEqual({ told: 0, looks: 0, tookMs: 0 });
  });

  test("is not waited for after an interrupt", async () => {
    expect(await takeOver({ busy: 3, signal: AbortSignal.abort() })).toEqual({ told: 0, looks: 1, tookMs: 0 });
  });

  test("is not asked for its end where the next look tells it", async () => {
    expect(await takeOver({ busy: 1, isScripted: true })).toEqual({ told: 1, looks: 2, tookMs: 2000 });
  });

  test("is waited for as all else where it is a command of which nothing to ask for was written down", async () => {
    const left: InsideResource = { ...ADA, type: "command", inputs: { type: "command", run: "x" } };
    expect(await takeOver({ busy: 1, left })).toEqual({ told: 1, looks: 2, tookMs: 2000 });
  });
});
