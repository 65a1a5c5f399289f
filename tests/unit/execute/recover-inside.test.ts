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
  /** What the machine says of it, one after the other, the last one for ever; `silent`: nothing. Default: it must not be asked. */
  readonly fates?: readonly string[];
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
  let [now, looks, asked] = [0, 0, 0];
  const fates = [...(more.fates ?? [])];
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
      if (command[2] === fateScript(TOKEN, token)) {
        const word = fates.length > 1 ? fates.shift() : fates[0];
        if (word === undefined) throw new Error("it must not be asked for");
        asked += 1;
        if (word === "silent") throw new Error("no answer");
        return { exitCode: 0, stdout: `\n${token} held ${word} b .\n`, stderr: "" };
      }
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
  const known = { ...(asked > 0 && { asked }), ...(outcomes.length > 0 && { outcomes }) };
  return { told: told.length, looks, tookMs: now, ...known };
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
    const left: InsideResource = { ...ADA, type: "directory", inputs: { type: "directory", path: "/srv" } };
    expect(await takeOver({ busy: 1, isScripted: true, left })).toEqual({ told: 1, looks: 2, tookMs: 2000 });
  });

  test("is waited for as all else where it is a command of which nothing to ask for was written down", async () => {
    const left: InsideResource = { ...ADA, type: "command", inputs: { type: "command", run: "x" } };
    expect(await takeOver({ busy: 1, left })).toEqual({ told: 1, looks: 2, tookMs: 2000 });
  });
});

describe("a user that a dead run was to make", () => {
  const GONE = [{ kind: "outcome", result: "failed", patch: [{ op: "remove", path: "/resource" }] }];

  test("is dropped where nothing came to make it, also where the machine says so late", async () => {
    const left = { busy: 0, isScripted: true };
    expect(await takeOver({ ...left, fates: ["never"] })).toMatchObject({ asked: 1, outcomes: GONE });
    const late = await takeOver({ ...left, fates: ["silent", "silent", "never"] });
    expect(late).toMatchObject({ asked: 3, tookMs: 4000, outcomes: GONE });
  });

  test.each(["done", "lost", "cut", "busy"])("is kept where that began: %s", async (word) => {
    const ended = await takeOver({ busy: 0, isScripted: true, fates: [word] });
    expect(ended).toEqual({ told: 0, looks: 1, tookMs: 0, asked: 1 });
  });

  test("is kept where nobody answers for two minutes, or until an interrupt", async () => {
    const silent = { busy: 0, isScripted: true, fates: ["silent"] };
    expect(await takeOver(silent)).toMatchObject({ tookMs: 120_000 });
    expect(await takeOver({ ...silent, signal: AbortSignal.abort() })).toMatchObject({ asked: 1, tookMs: 0 });
  });

  test("is not asked for where it was there before, or stands in a machine that was replaced", async () => {
    const there: InsideResource = { ...ADA, seen: { type: "user", exists: true } };
    expect(await takeOver({ busy: 0, isScripted: true, left: there })).toEqual({ told: 0, looks: 1, tookMs: 0 });
    const replacing: InsideResource = { ...ADA, was: { ...ADA, machine: machineId("id-old") } };
    expect(await takeOver({ busy: 0, isScripted: true, left: replacing })).toEqual({ told: 0, looks: 1, tookMs: 0 });
  });
});
