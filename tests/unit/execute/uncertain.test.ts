import { expect, test } from "vitest";
import type { Operation } from "../../../src/driver/driver.ts";
import { DriverError, type FailureKind, type FailureOutcome } from "../../../src/driver/errors.ts";
import { limitsWith } from "../../../src/model/limits.ts";
import type { MachineFacts } from "../../../src/model/machine.ts";
import type { JournalRecord } from "../../../src/state/records.ts";
import { at, create, desired, named } from "../../support/execute-builders.ts";
import { play, testWorld } from "../../support/execute-world.ts";

const failing = (kind: FailureKind, outcome: FailureOutcome): DriverError =>
  new DriverError("ORB_ORBCTL_FAILED", { summary: "It failed", detail: kind, kind, outcome });

/** Throws these for creates, one each; then nothing. */
function creates(failures: DriverError[]) {
  return ({ verb }: Operation): void => {
    const next = verb === "create" ? failures.shift() : undefined;
    if (next) throw next;
  };
}

test("a refusal after a lost answer leaves the intent, for what may still appear", async () => {
  const world = testWorld({
    before: creates([failing("timed out", "unknown"), failing("image not found", "refused")]),
  });
  const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
  expect(played.endings).toEqual({ "machine.web:create": "unknown" });
  expect(played.snapshot.resources[at("web")]).toMatchObject({ pending: { name: "web" } });
  expect(played.journal.at(-1)).toMatchObject({ kind: "outcome", result: "unknown" });
});

test("a refusal after attempts that surely did nothing leaves nothing", async () => {
  const world = testWorld({
    before: creates([failing("transport", "nothing"), failing("image not found", "refused")]),
  });
  const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
  expect(played.endings).toEqual({ "machine.web:create": "failed" });
  expect(played.snapshot.resources).toEqual({});
});

test("a machine that somebody else made between attempts that surely did nothing is a stranger", async () => {
  const failures = [failing("service starting", "nothing")];
  const world = testWorld({
    before: async ({ verb }) => {
      const next = verb === "create" ? failures.shift() : undefined;
      if (!next) return;
      await world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
      throw next;
    },
  });
  const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
  expect(played.results.get(create("web").id)).toMatchObject({ status: "failed", problem: { code: "ORB_NAME_TAKEN" } });
  expect(played.snapshot.resources).toEqual({});
});

test("a machine made whose first look fails is looked for again, and taken", async () => {
  const world = testWorld();
  const looks = [failing("transport", "nothing"), failing("other", "unknown")];
  const inspect: typeof world.driver.inspect = async (which, want) => {
    const next = world.operations.length > 0 ? looks.shift() : undefined;
    if (next) throw next;
    return await world.driver.inspect(which, want);
  };
  const played = await play(
    { ...world, driver: { ...world.driver, inspect } },
    { actions: [create("web")], settled: [desired("web")] },
  );
  expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
  expect(world.operations.filter(({ verb }) => verb === "create").length).toBe(1);
});

test("a machine made that can't be looked at stays in state as on its way", async () => {
  const world = testWorld();
  const inspect: typeof world.driver.inspect = async (which, want) => {
    if (world.operations.length > 0) throw failing("other", "refused");
    return await world.driver.inspect(which, want);
  };
  const played = await play(
    { ...world, driver: { ...world.driver, inspect } },
    { actions: [create("web")], settled: [desired("web")] },
  );
  expect(played.endings).toEqual({ "machine.web:create": "unknown" });
  expect(played.snapshot.resources[at("web")]).toMatchObject({ pending: { name: "web" } });
});

test("an attempt that failed is not made again once the journal can't be written", async () => {
  const journal: JournalRecord[] = [];
  const world = testWorld({
    before: ({ verb }) => {
      if (verb === "create") throw failing("transport", "nothing");
    },
  });
  const played = await play(world, {
    actions: [create("a"), create("b")],
    settled: [desired("a"), desired("b")],
    journal,
    journalFailsAt: 1,
  });
  expect(world.operations.length).toBe(2);
  expect(played.events.filter(({ event }) => event === "retrying")).toEqual([]);
});

test("a machine whose making failed at a later step is not taken for what another action makes", async () => {
  const world = testWorld({
    before: ({ verb }) => {
      if (verb === "configure") throw failing("other", "refused");
    },
  });
  const { driver } = world;
  const settings = { cpus: 2, httpPort: 8080 };
  let first: MachineFacts | undefined;
  const perform: typeof driver.perform = async (operation, options) => {
    await driver.perform(operation, options);
    if (operation.verb !== "create") return;
    const machines = await world.machines();
    if (operation.name === "a") first = machines.find(({ name }) => name === "a");
    if (operation.name !== "b" || first === undefined) return;
    const own = machines.find(({ name }) => name === "b");
    if (own) await world.outside({ verb: "rename", id: own.id, to: named("elsewhere") });
    await world.outside({ verb: "rename", id: first.id, to: named("b") });
  };
  const unlucky = { ...driver, perform };
  const played = await play(
    { ...world, driver: unlucky },
    {
      actions: [create("a", { settings }), create("b")],
      settled: [desired("a", { settings }), desired("b")],
      options: { limits: limitsWith({ global: 1 }) },
    },
  );
  expect(played.results.get(create("b").id)).toMatchObject({ problem: { code: "ORB_RECOVERY_UNCLEAR" } });
});
