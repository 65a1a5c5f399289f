import { describe, expect, test } from "vitest";
import type { Driver, ExecRequest } from "../../../src/driver/driver.ts";
import { DriverError, type FailureKind } from "../../../src/driver/errors.ts";
import { observeInside } from "../../../src/live/observe-inside.ts";
import { machineId, type MachineFacts } from "../../../src/model/machine.ts";
import { at, desired, inside, stateOf } from "../../support/execute-builders.ts";

const WORLD = { driver: "fake", host: "h" };

function facts(name: string, state: MachineFacts["state"] = "running"): MachineFacts {
  const image = { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" };
  return { id: machineId(`id-${name}`), name, state, image, builtin: false, settings: {} };
}

interface Parts {
  readonly names: readonly string[];
  /** What a later list shows. */
  readonly later?: readonly MachineFacts[];
  /** How often a script of ours is at work when it is looked. */
  readonly busy?: number;
  /** How often a look is not carried out. */
  readonly refused?: number;
  readonly refusal?: FailureKind;
  /** What is said of the first thing. */
  readonly said?: string;
}

/** Machines with a command in each; a look takes five seconds. */
async function look({ names, later = [], busy = 0, refused = 0, refusal = "transport", said = "0 created no" }: Parts) {
  const asked: string[] = [];
  const warnings: string[] = [];
  let lists = 0;
  let left = busy;
  let now = 1000;
  const exec = async ({ machine, command }: ExecRequest) => {
    asked.push(machine);
    now += 5000;
    if (asked.length <= refused)
      throw new DriverError("ORB_CONNECTION", {
        kind: refusal,
        outcome: "nothing",
        summary: "It was refused",
        detail: "",
      });
    const [, token = ""] = /token=(\S+)/.exec(command[2] ?? "") ?? [];
    left -= 1;
    const stdout =
      left >= 0
        ? `\n${token} held busy b .\n`
        : `\n${token} held free b .\n\n${token} facts\n${said}\n${token} end - ${said.length}\n`;
    return { exitCode: 0, stdout, stderr: "" };
  };
  const driver: Pick<Driver, "exec" | "observe"> = {
    exec,
    observe: async () => {
      lists += 1;
      return { machines: later, settings: {} };
    },
  };
  const machines = names.map((name) => facts(name));
  const resources = names.flatMap((name) => [
    desired(name),
    inside("command", `in-${name}`, { run: "x", creates: "/x" }, { on: at(name) }),
  ]);
  const states = Object.fromEntries(machines.map((each) => [at(each.name), stateOf(each)]));
  const prior = {
    format: 1,
    stack: "s",
    world: WORLD,
    lineage: "l",
    serial: 1,
    resources: states,
    outputs: {},
  } as const;
  const seen = await observeInside(
    {
      driver,
      clock: { now: () => now, sleep: async (ms) => void (now += ms), random: () => 0 },
      warn: (message) => warnings.push(message),
      desired: { stack: "s", resources, outputs: {}, existing: [] },
      prior,
      hashText: (text) => text,
    },
    { machines, at: now },
  );
  return { seen, asked, warnings, lists };
}

const NINE = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

describe("a machine that is stopped after it was listed", () => {
  test("is not looked into, for that would start it, and is told to be stopped", async () => {
    const later = NINE.map((name) => facts(name, name === "i" ? "stopped" : "running"));
    const { seen, asked, lists } = await look({ names: NINE, later });
    expect([asked.length, asked.includes("id-i"), lists]).toEqual([8, false, 1]);
    expect(seen.machines.at(-1)).toMatchObject({ name: "i", state: "stopped" });
    expect(Object.keys(seen.facts)).toHaveLength(8);
  });

  test("costs no list where all are looked into at once", async () => {
    const { asked, lists } = await look({ names: NINE.slice(0, 8) });
    expect([asked.length, lists]).toEqual([8, 0]);
  });
});

describe("a machine in which a change is at work", () => {
  test("is looked into once that has ended", async () => {
    const { seen, asked, warnings } = await look({ names: ["a"], later: [facts("a")], busy: 2 });
    expect([asked.length, Object.keys(seen.facts)]).toEqual([3, ["command.in-a"]]);
    expect(warnings).toEqual(['Waiting for a change that is still at work inside the machine "a".']);
  });

  test("and that is stopped meanwhile is not looked into again: that would start it", async () => {
    const { seen, asked } = await look({ names: ["a"], later: [facts("a", "stopped")], busy: 1 });
    expect([asked.length, seen.facts, seen.machines.map(({ state }) => state)]).toEqual([1, {}, ["stopped"]]);
  });

  test("is an error where that takes over a minute", async () => {
    await expect(look({ names: ["a"], later: [facts("a")], busy: 1000 })).rejects.toMatchObject({
      code: "ORB_GUEST_BUSY",
    });
  });
});

describe("a look that is not carried out", () => {
  test.each(["transport", "service starting", "refused", "other"] as const)("is repeated (%s)", async (refusal) => {
    const { seen, asked } = await look({ names: ["a"], later: [facts("a")], refused: 2, refusal });
    expect([asked.length, Object.keys(seen.facts)]).toEqual([3, ["command.in-a"]]);
  });

  test("is an error where that happens three times", async () => {
    await expect(look({ names: ["a"], later: [facts("a")], refused: 3 })).rejects.toMatchObject({
      code: "ORB_CONNECTION",
      summary: "A machine can't be looked into",
    });
  });

  test("is an error at once where another would end as it did", async () => {
    const late = look({ names: ["a"], later: [facts("a")], refused: 1, refusal: "timed out" });
    await expect(late).rejects.toMatchObject({ code: "ORB_CONNECTION" });
  });

  test("is not repeated in a machine that is stopped meanwhile: that would start it", async () => {
    const { seen, asked } = await look({ names: ["a"], later: [facts("a", "stopped")], refused: 1 });
    expect([asked.length, seen.facts]).toEqual([1, {}]);
  });
});

test("what can't be read of one thing, however often it is looked, is unavailable", async () => {
  const { seen, asked } = await look({ names: ["a"], later: [facts("a")], said: "0 created perhaps" });
  expect([asked.length, seen.facts]).toMatchObject([3, { "command.in-a": { type: "unavailable" } }]);
});
