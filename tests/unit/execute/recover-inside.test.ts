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
import type { OutcomeRecord } from "../../../src/state/records.ts";
import { at } from "../../support/execute-builders.ts";

const SETUP_AT = address("command", "setup");
const MACHINE = machineId("id-web");
const IMAGE = { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" };
const SETUP: InsideResource = {
  type: "command",
  revision: 1,
  lifecycle: DEFAULT_LIFECYCLE,
  dependencies: [],
  on: at("web"),
  machine: MACHINE,
  inputs: { type: "command", run: "x" },
  seen: { type: "command" },
  original: { type: "command" },
  unfinished: true,
};

interface Left {
  /** How often a look finds a script at work. */
  readonly busy: number;
  readonly state?: MachineState;
  /** OrbStack itself doesn't run. */
  readonly isServiceStopped?: boolean;
  readonly signal?: AbortSignal;
  /** What it says became of the script; absent: the run wrote down none to ask for. */
  readonly fate?: string;
  /** What it was begun in is over. */
  readonly isRestarted?: boolean;
  readonly left?: InsideResource;
}

const RUN = actionId(SETUP_AT, "run");
const TOKEN = "orb-11111111-1111";

const serviceStopped = (): DriverError =>
  new DriverError("ORB_SERVICE_STOPPED", {
    kind: "service starting",
    outcome: "nothing",
    summary: "OrbStack is not running",
    detail: "",
  });

/** Takes over from a run that began a command, with a minute for it, when it died. */
async function takeOver({ busy, state = "running", isServiceStopped = false, signal, left = SETUP, ...more }: Left) {
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
      if (command[2] === fateScript(TOKEN, token)) {
        if (more.fate === undefined) throw serviceStopped();
        return { exitCode: 0, stdout: `\n${token} held ${more.fate} b .\n`, stderr: "" };
      }
      looks += 1;
      const free = `\n${token} held free b .\n\n${token} facts\n\n${token} end - 0\n`;
      return { exitCode: 0, stdout: looks <= busy ? `\n${token} held busy b .\n` : free, stderr: "" };
    },
  };
  const script = more.fate !== undefined && { script: { token: TOKEN, boot: more.isRestarted ? "a" : "b" } };
  const outcomes = await insideEnded(
    {
      open: [{ action: RUN, address: SETUP_AT, at: 0, timeoutMs: 60_000, ...script }],
      snapshot: { resources: { [SETUP_AT]: left } },
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
});

describe("a command that a dead run began", () => {
  const DONE: OutcomeRecord = {
    kind: "outcome",
    action: RUN,
    address: SETUP_AT,
    result: "succeeded",
    patch: [{ op: "remove", path: "/resource/unfinished" }],
    at: 6000,
  };

  test("has run where its script says so once it has ended", async () => {
    expect(await takeOver({ busy: 3, fate: "done" })).toMatchObject({ outcomes: [DONE] });
  });

  test.each(["ended-3", "refused", "cut", "lost", "busy", "never"])(
    "is not known to have run where it is %s",
    async (fate) => {
      expect(await takeOver({ busy: 0, fate })).not.toHaveProperty("outcomes");
    },
  );

  test("is not known to have run where the machine was restarted since, or does not run", async () => {
    expect(await takeOver({ busy: 0, fate: "done", isRestarted: true })).not.toHaveProperty("outcomes");
    expect(await takeOver({ busy: 0, fate: "done", state: "stopped" })).not.toHaveProperty("outcomes");
  });

  test("is not asked for where the next look tells what became of it", async () => {
    const left: InsideResource = { ...SETUP, type: "user", inputs: { type: "user", name: "ada" } };
    expect(await takeOver({ busy: 0, fate: "done", left })).not.toHaveProperty("outcomes");
  });

  test("keeps the journal where an interrupt comes while it is at work", async () => {
    const work = takeOver({ busy: 3, fate: "done", signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ code: "ORB_INTERRUPTED" });
  });
});
