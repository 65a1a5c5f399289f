import { describe, expect, test } from "vitest";
import type { Driver, ExecRequest } from "../../../src/driver/driver.ts";
import { DriverError } from "../../../src/driver/errors.ts";
import { insideEnded } from "../../../src/execute/recover-inside.ts";
import { fateScript } from "../../../src/guest/hold.ts";
import { actionId } from "../../../src/model/action.ts";
import { address } from "../../../src/model/address.ts";
import type { ErrorCode } from "../../../src/model/errors.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
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
const RUN = actionId(SETUP_AT, "run");
const TOKEN = "orb-11111111-1111";
const MINUTE = 60_000;

/** What a list says of the machine. */
type Listed = MachineState | "gone" | "unlisted" | "OrbStack stopped";

const NO_ANSWER: ErrorCode = "ORB_ORBCTL_FAILED";
const STOPPED: ErrorCode = "ORB_SERVICE_STOPPED";

interface Left {
  /** What is said of the script each time it is asked for: a word, or a failure's code. The last one goes on. */
  readonly said: readonly string[];
  /** The same of lists. Default: it runs. */
  readonly listed?: readonly Listed[];
  /** How long it may take. Milliseconds. Default: a minute. */
  readonly timeoutMs?: number;
  /** How long after its beginning it is taken over. Milliseconds. */
  readonly afterMs?: number;
  /** When an interrupt comes. Milliseconds after it is taken over. */
  readonly interruptMs?: number;
  /** What it was begun in is over. */
  readonly isRestarted?: boolean;
}

function failure(code: ErrorCode): DriverError {
  return new DriverError(code, { kind: "transport", outcome: "unknown", summary: "lost", detail: "" });
}

/** Gives them one after the other, and the last one for ever. */
function inTurn<T>(answers: readonly T[]): () => T | undefined {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)];
}

function driverOf({ said, listed = ["running"] }: Left): Pick<Driver, "observe" | "exec"> {
  const nextList = inTurn(listed);
  const nextWord = inTurn(said);
  return {
    observe: async () => {
      const state = nextList() ?? "running";
      if (state === "unlisted") throw failure("ORB_LIST_UNREADABLE");
      if (state === "OrbStack stopped") throw failure(STOPPED);
      const machines =
        state === "gone" ? [] : [{ id: MACHINE, name: "web", state, image: IMAGE, builtin: false, settings: {} }];
      return { machines, settings: {} };
    },
    exec: async ({ command }: ExecRequest) => {
      const [, token = ""] = /token=(\S+)/.exec(command[2] ?? "") ?? [];
      expect(command[2]).toBe(fateScript(TOKEN, token));
      const word = nextWord();
      if (word === NO_ANSWER || word === STOPPED) throw failure(word);
      return { exitCode: 0, stdout: `\n${token} held ${word} b .\n`, stderr: "" };
    },
  };
}

/** Takes over from a run that died when it had begun a command. */
async function takeOver(left: Left) {
  const { timeoutMs = MINUTE, afterMs = 0, interruptMs, isRestarted = false } = left;
  const told: string[] = [];
  const interrupt = new AbortController();
  let now = afterMs;
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
    if (interruptMs !== undefined && now - afterMs >= interruptMs) interrupt.abort();
  };
  if (interruptMs === 0) interrupt.abort();
  const script = { token: TOKEN, boot: isRestarted ? "a" : "b" };
  const work = insideEnded(
    {
      open: [{ action: RUN, address: SETUP_AT, at: 0, timeoutMs, script }],
      snapshot: { resources: { [SETUP_AT]: SETUP } },
      driver: driverOf(left),
      clock: { now: () => now, sleep, random: () => 0 },
    },
    { tell: (notice) => told.push(notice), signal: interrupt.signal },
  );
  const ended = await work.then(
    (outcomes) => ({ outcomes }),
    (error: unknown) => ({ error }),
  );
  return { ...ended, told, tookMs: now - afterMs };
}

const done = (when: number): readonly OutcomeRecord[] => [
  {
    kind: "outcome",
    action: RUN,
    address: SETUP_AT,
    result: "succeeded",
    patch: [{ op: "remove", path: "/resource/unfinished" }],
    at: when,
  },
];

const AT_WORK = "Waiting for command.setup, which is still at work inside the machine id-web.";
const SILENT = "Waiting for an answer from the machine id-web: nothing else tells whether command.setup has run.";
const UNTOLD =
  "Nobody can tell yet whether command.setup has run: the machine id-web gives no answer. It is asked again when it is looked into.";

describe("a command that a dead run began", () => {
  test("has run where its script says so once it has ended", async () => {
    expect(await takeOver({ said: ["busy", "busy", "done"] })).toEqual({
      outcomes: done(4000),
      told: [AT_WORK],
      tookMs: 4000,
    });
  });

  test.each(["ended-3", "refused", "cut", "lost", "never"])("is not known to have run where it is %s", async (word) => {
    expect(await takeOver({ said: [word] })).toEqual({ outcomes: [], told: [], tookMs: 0 });
  });

  test("is not known to have run where the machine was restarted since", async () => {
    expect(await takeOver({ said: ["done"], isRestarted: true })).toMatchObject({ outcomes: [], tookMs: 0 });
  });

  test.each(["stopped", "stopping", "starting", "gone", "OrbStack stopped"] as const)(
    "is not asked for where its machine does not run: %s",
    async (state) => {
      expect(await takeOver({ said: ["done"], listed: [state] })).toEqual({ outcomes: [], told: [], tookMs: 0 });
    },
  );

  test("is not asked for any more once its machine is stopped meanwhile", async () => {
    const left = { said: ["busy", "done"], listed: ["running", "stopped"] } as const;
    expect(await takeOver(left)).toMatchObject({ outcomes: [], tookMs: 2000 });
  });
});

describe("a command of a dead run whose time is up", () => {
  test("is waited for all the same: the computer may have slept", async () => {
    const afterMs = 60 * MINUTE;
    const ended = await takeOver({ said: ["busy", "done"], afterMs });
    expect(ended).toMatchObject({ outcomes: done(afterMs + 2000), tookMs: 2000 });
  });

  test("keeps the journal, and says how to end it, where it is at work for as long again", async () => {
    const { told, tookMs, ...ended } = await takeOver({ said: ["busy"], afterMs: 60 * MINUTE });
    expect({ told, tookMs }).toEqual({ told: [AT_WORK], tookMs: MINUTE });
    expect(ended).toMatchObject({
      error: { code: "ORB_GUEST_BUSY", address: SETUP_AT, hint: expect.stringContaining("orbctl restart id-web") },
    });
  });
});

describe("a command of a dead run that can't be asked for", () => {
  test("is asked for again where an answer is lost", async () => {
    expect(await takeOver({ said: [NO_ANSWER, "done"] })).toEqual({
      outcomes: done(2000),
      told: [SILENT],
      tookMs: 2000,
    });
  });

  test("is asked for again where only the answer says that OrbStack is stopped: a list tells", async () => {
    expect(await takeOver({ said: [STOPPED, "done"] })).toMatchObject({ outcomes: done(2000) });
  });

  test("is given two minutes anew once there was an answer", async () => {
    const silence = Array.from({ length: 50 }, () => NO_ANSWER);
    const left = { said: [...silence, "busy", ...silence, "done"], timeoutMs: 10 * MINUTE, afterMs: 60 * MINUTE };
    expect(await takeOver(left)).toMatchObject({ told: [SILENT, AT_WORK], tookMs: 202_000 });
  });

  test("is asked for again where a list fails", async () => {
    const left = { said: ["done"], listed: ["unlisted", "running"] } as const;
    expect(await takeOver(left)).toMatchObject({ outcomes: done(2000) });
  });

  test("is asked for where only one list lacks its machine", async () => {
    expect(await takeOver({ said: ["done"], listed: ["gone", "running"] })).toMatchObject({ outcomes: done(0) });
  });

  test("is asked for again where a list has no word for its machine's state that is known", async () => {
    const left = { said: ["done"], listed: ["unknown", "running"] } as const;
    expect(await takeOver(left)).toMatchObject({ outcomes: done(2000) });
  });

  test("is left to the next look after two minutes without any answer, and that is told", async () => {
    const left = { said: ["busy", NO_ANSWER], afterMs: 60 * MINUTE };
    expect(await takeOver(left)).toEqual({
      outcomes: [],
      told: [AT_WORK, SILENT, UNTOLD],
      tookMs: 2 * MINUTE + 2000,
    });
  });

  test("is asked for until its time is up where that is later", async () => {
    const left = { said: [NO_ANSWER], timeoutMs: 60 * MINUTE };
    expect(await takeOver({ ...left, afterMs: 20 * MINUTE })).toMatchObject({ outcomes: [], tookMs: 40 * MINUTE });
    // By a clock that was set back it begins only hours from now.
    expect(await takeOver({ ...left, afterMs: -600 * MINUTE })).toMatchObject({ outcomes: [], tookMs: 60 * MINUTE });
  });

  test("keeps the journal where machines can't be listed, for then nothing can be planned either", async () => {
    const ended = await takeOver({ said: ["done"], listed: ["unlisted"] });
    expect(ended).toMatchObject({ error: { code: "ORB_LIST_UNREADABLE" }, told: [SILENT], tookMs: 2 * MINUTE });
  });
});

describe("an interrupt", () => {
  test.each(["busy", NO_ANSWER])("keeps the journal while a command of a dead run is unknown: %s", async (word) => {
    const ended = await takeOver({ said: [word], interruptMs: 10_000 });
    expect(ended).toMatchObject({ error: { code: "ORB_INTERRUPTED", address: SETUP_AT }, tookMs: 10_000 });
  });

  test("that came before lets it be asked for once", async () => {
    expect(await takeOver({ said: ["done"], interruptMs: 0 })).toMatchObject({ outcomes: done(0) });
    expect(await takeOver({ said: ["busy", "done"], interruptMs: 0 })).toMatchObject({
      error: { code: "ORB_INTERRUPTED" },
      tookMs: 0,
    });
  });
});
