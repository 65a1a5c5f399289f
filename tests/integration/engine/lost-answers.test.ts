import { describe, expect, test } from "vitest";
import type { Driver } from "../../../src/driver/driver.ts";
import { DriverError } from "../../../src/driver/errors.ts";
import type { OrbctlCall, OrbctlExec, OrbctlOutput } from "../../../src/driver/orbctl/call.ts";
import { applyStack } from "../../../src/engine.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { engineWorld, stackOf } from "../../support/engine-world.ts";
import { desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const fleet = fleetyards();

/** How a client ends whose answer is lost. */
const LOST: OrbctlOutput = { stdout: "", stderr: "", exitCode: null, timedOut: false, aborted: true };

/** What befalls the first change inside a machine: `carry` has it carried out. */
type Mishap = (carry: () => Promise<OrbctlOutput>, exec: OrbctlExec, call: OrbctlCall) => Promise<OrbctlOutput>;

function newYard(mishap: Mishap): Fleetyard {
  let isFirst = true;
  return fleet((exec) => async (call) => {
    if (call.argv[0] !== "run" || call.begin === undefined || !isFirst) return await exec(call);
    isFirst = false;
    return await mishap(() => exec(call), exec, call);
  });
}

const web = desired("web");
const command = (run: string) => inside("command", "setup", { run });

const logOf = (yard: Fleetyard): Promise<string> => printed(yard, "cat /srv/log");

async function ending(yard: Fleetyard, run: string): Promise<unknown> {
  const { results } = await yard.apply([web, command(run)]);
  const result = [...results.values()].at(-1);
  return result !== undefined && "problem" in result
    ? [result.status, result.problem.code, result.problem.detail]
    : result?.status;
}

const lostAfter: Mishap = async (carry) => (await carry(), LOST);

describe("a command whose answer is lost", () => {
  test("is done, where it was done, and not run again", async () => {
    const yard = newYard(lostAfter);
    expect(await ending(yard, "echo ran >>/srv/log")).toBe("succeeded");
    expect(await logOf(yard)).toBe("ran\n");
  });

  test("has failed, where it failed, and is not run again", async () => {
    const yard = newYard(lostAfter);
    expect(await ending(yard, "echo ran >>/srv/log; exit 3")).toEqual([
      "failed",
      "ORB_COMMAND_FAILED",
      "It ended with exit code 3; what it printed was lost.",
    ]);
    expect(await logOf(yard)).toBe("ran\n");
  });

  test("is run again where it never began, and is kept from beginning late", async () => {
    const late: (() => Promise<OrbctlOutput>)[] = [];
    const yard = newYard(async (_, exec, call) => {
      await call.begin?.(null);
      late.push(() => exec({ argv: call.argv }));
      return LOST;
    });
    expect(await ending(yard, "echo ran >>/srv/log")).toBe("succeeded");
    for (const each of late) await each();
    expect([late.length, await logOf(yard)]).toEqual([1, "ran\n"]);
  });

  test("is not run again where the machine was restarted meanwhile; the next plan shows that it will be", async () => {
    const yard = newYard(async (carry, exec) => {
      await carry();
      await exec({ argv: ["restart", "web"] });
      return LOST;
    });
    expect(await ending(yard, "echo ran >>/srv/log")).toEqual([
      "unknown",
      "ORB_OUTCOME_UNKNOWN",
      "command.setup was begun and its answer was lost, and nothing inside the machine tells how it ended. It was not run again.",
    ]);
    expect(await logOf(yard)).toBe("ran\n");
    const { plan } = await yard.plan([web, command("echo ran >>/srv/log")]);
    expect(plan.changes).toMatchObject([
      {
        address: "command.setup",
        action: "update",
        notes: ["in machine.web", "an earlier attempt at it may have done it in part"],
      },
    ]);
  });
});

/** Applies a command whose answer is lost; `mute` of the questions after that get no answer, in virtual time. */
async function asking(mute: number, interrupted?: AbortController) {
  const world = engineWorld();
  const { ports } = world.live();
  let isLost = false;
  let questions = 0;
  const refuse = (): void => {
    questions += isLost ? 1 : 0;
    if (isLost && questions > 3) interrupted?.abort();
    if (isLost && questions <= mute) throw transport();
  };
  const driver: Driver = {
    ...ports.driver,
    observe: async (scope) => (refuse(), await ports.driver.observe(scope)),
    exec: async (request) => {
      const result = await ports.driver.exec(request);
      if (request.begin === undefined || isLost) return result;
      isLost = true;
      throw transport();
    },
  };
  const more = interrupted && { stopStarting: interrupted.signal, stopWaiting: interrupted.signal };
  const setup = inside("command", "setup", { run: ["append", "/srv/log", "ran"] });
  const { results } = await applyStack({ ...ports, driver }, stackOf([web, setup]), { ...APPLY, ...more });
  const [machine] = await world.machines();
  const log = world.guests.read(machine?.id ?? "").paths["/srv/log"];
  const result = [...results.values()].at(-1);
  return {
    ended: result !== undefined && "problem" in result ? [result.status, result.problem.code] : result?.status,
    log: log?.kind === "file" ? log.text : undefined,
    questions,
  };
}

function transport(): DriverError {
  const facts = { summary: "The connection was lost", detail: "connection closed" };
  return new DriverError("ORB_CONNECTION", { ...facts, kind: "transport", outcome: "unknown" });
}

describe("a command whose answer is lost while OrbStack answers nothing", () => {
  test("is asked for again, and is done where it was done", async () => {
    expect(await asking(2)).toEqual({ ended: "succeeded", log: "ran\n", questions: 3 });
  });

  test("is not run again where nothing answers until its time is up", async () => {
    const { ended, log, questions } = await asking(Infinity);
    expect([ended, log, questions > 10]).toEqual([["unknown", "ORB_OUTCOME_UNKNOWN"], "ran\n", true]);
  });

  test("is not asked for any longer once the user waits no more", async () => {
    const interrupted = new AbortController();
    expect(await asking(Infinity, interrupted)).toEqual({
      ended: ["unknown", "ORB_INTERRUPTED"],
      log: "ran\n",
      questions: 4,
    });
  });
});

test("a file whose answer is lost is written again where nobody can tell", async () => {
  const yard = newYard(async (carry, exec) => {
    await carry();
    await exec({ argv: ["restart", "web"] });
    return LOST;
  });
  const { results } = await yard.apply([web, inside("file", "log", { path: "/srv/log", content: "one\n" })]);
  expect([...results.values()].map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  expect(await logOf(yard)).toBe("one\n");
});

test("a machine that is stopped while a change in it is waited for is not started by looking", async () => {
  let looks = 0;
  const yard = fleet((exec) => async (call) => {
    const output = await exec(call);
    const script = call.argv.at(-1) ?? "";
    const [, token] = /^token=(orb-\S+)$/m.exec(script) ?? [];
    if (call.begin !== undefined || token === undefined || !script.includes("facts() {")) return output;
    looks += 1;
    if (looks > 1) return output;
    await exec({ argv: ["stop", "web"] });
    return { ...output, stdout: `\n${token} held busy b .\n` };
  });
  const { results } = await yard.apply([web, command("echo ran >>/srv/log")]);
  expect([...results.values()].at(-1)).toMatchObject({ status: "failed", problem: { code: "ORB_PLAN_STALE" } });
  const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
  expect([looks, machines.map(({ state }) => state)]).toEqual([1, ["stopped"]]);
});
