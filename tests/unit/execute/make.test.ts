import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../../src/state/records.ts";
import { DriverError, type FailureKind, type FailureOutcome } from "../../../src/driver/errors.ts";
import {
  action,
  actionId,
  at,
  clone,
  create,
  desired,
  named,
  stateOf,
  target,
} from "../../support/execute-builders.ts";
import { play, testWorld } from "../../support/execute-world.ts";

const failing = (kind: FailureKind, outcome: FailureOutcome): DriverError =>
  new DriverError("ORB_ORBCTL_FAILED", { summary: "It failed", detail: kind, kind, outcome });

/** Throws these, one a call, for operations of a verb; then nothing. */
function scripted(verb: string, failures: (DriverError | undefined)[]) {
  return (operation: { readonly verb: string }): void => {
    const next = operation.verb === verb ? failures.shift() : undefined;
    if (next) throw next;
  };
}

async function existing(world: ReturnType<typeof testWorld>, name: string, settings = {}) {
  await world.outside({ verb: "create", name: named(name), distro: "ubuntu", settings });
  const found = (await world.machines()).find((machine) => machine.name === name);
  if (!found) throw new Error(`${name} was not made`);
  return found;
}

describe("create", () => {
  it("makes a machine and takes it into state", async () => {
    const world = testWorld();
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    const [machine] = await world.machines();
    expect(played.snapshot.resources[at("web")]).toMatchObject({
      id: machine?.id,
      name: "web",
      status: "ready",
      revision: 1,
    });
    expect(played.snapshot.resources[at("web")]).not.toHaveProperty("pending");
    expect(played.claims).toEqual(new Map([[machine?.id, "machine.web"]]));
  });

  it("has its intent on disk, with what is to be made, before anything is done", async () => {
    const journal: JournalRecord[] = [];
    const seen: string[] = [];
    const world = testWorld({
      child: { pid: 7, startedAt: "now" },
      before: async () => void seen.push(...journal.map(({ kind }) => kind), String((await world.machines()).length)),
    });
    await play(world, { actions: [create("web")], settled: [desired("web")], journal });
    expect(seen).toEqual(["intent", "0"]);
    expect(journal[0]).toMatchObject({
      kind: "intent",
      action: "machine.web:create",
      attempt: 1,
      child: { pid: 7, startedAt: "now" },
      pending: { action: "create", name: "web", expected: { distro: "ubuntu" } },
    });
    expect(journal.map(({ kind }) => kind)).toEqual(["intent", "outcome"]);
  });

  it("does nothing where the intent can't be written", async () => {
    const world = testWorld();
    const played = await play(world, { actions: [create("web")], settled: [desired("web")], journalFailsAt: 0 });
    expect(played.endings).toEqual({ "machine.web:create": "failed" });
    expect(played.journalFailure).toEqual(new Error("disk full"));
    expect(await world.machines()).toEqual([]);
  });

  it("sets what can't be given at creation, and restarts the newborn machine for it", async () => {
    const world = testWorld();
    const played = await play(world, {
      actions: [create("web", { settings: { cpus: 2, httpPort: 8080 } })],
      settled: [desired("web", { settings: { cpus: 2, httpPort: 8080 } })],
    });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect(world.operations.map((each) => each.verb)).toEqual(["create", "configure", "restart"]);
    expect((await world.machines())[0]?.settings).toMatchObject({ cpus: 2, httpPort: 8080 });
  });

  it("is not made again where its restart has to wait for it to settle", async () => {
    const world = testWorld({ faults: ["transition=1"] });
    const settings = { cpus: 2, httpPort: 8080 };
    const played = await play(world, {
      actions: [create("web", { settings })],
      settled: [desired("web", { settings })],
    });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect(world.operations.filter(({ verb }) => verb === "create").length).toBe(1);
    expect((await world.machines())[0]?.settings).toMatchObject(settings);
  });

  it("takes away settings that a deleted machine of that name left behind", async () => {
    const world = testWorld({ faults: ["config-left-behind"] });
    const old = await existing(world, "web", { cpus: 3 });
    await world.outside({ verb: "delete", name: named(old.name) });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect((await world.machines())[0]?.settings.cpus).toBe(0);
  });

  it("never takes for its own what a stranger makes under its name while its client is slow", async () => {
    const world: ReturnType<typeof testWorld> = testWorld({
      before: async () => {
        await world.outside({ verb: "create", name: named("web"), distro: "fedora", settings: { cpus: 3 } });
        await world.clock.sleep(60_000);
      },
    });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "failed" });
    expect(played.snapshot.resources).toEqual({});
    expect(played.claims.size).toBe(0);
    expect((await world.machines()).map(({ image, settings }) => [image.distro, settings.cpus])).toEqual([
      ["fedora", 3],
    ]);
  });

  it("keeps what OrbStack gave where it was asked for more", async () => {
    const world = testWorld();
    const settings = { memoryMiB: 1_000_000 };
    const played = await play(world, {
      actions: [create("web", { settings })],
      settled: [desired("web", { settings })],
    });
    const got = (await world.machines())[0]?.settings.memoryMiB;
    expect(got).toBeLessThan(1_000_000);
    expect(played.snapshot.resources[at("web")]).toMatchObject({ clamped: { memoryMiB: got }, inputs: { settings } });
  });

  it("says that the name is taken, and touches nothing", async () => {
    const world = testWorld();
    const stranger = await existing(world, "web");
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.results.get(actionId("machine.web:create"))).toMatchObject({
      status: "failed",
      problem: { code: "ORB_NAME_TAKEN", hint: expect.stringContaining("orb adopt machine.web web") },
    });
    expect(await world.machines()).toEqual([stranger]);
    expect(played.snapshot.resources).toEqual({});
  });

  it("finds what an attempt with a lost answer had made, and makes nothing twice", async () => {
    const world = testWorld({ after: scripted("create", [failing("timed out", "unknown")]) });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect(world.operations.map((each) => each.verb)).toEqual(["create"]);
    expect((await world.machines()).length).toBe(1);
  });

  it("tries again after what surely did nothing", async () => {
    const world = testWorld({
      before: scripted("create", [failing("transport", "nothing"), failing("no address", "nothing")]),
    });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect(played.events.filter((each) => each.event === "retrying").length).toBe(2);
    expect((await world.machines()).length).toBe(1);
  });

  it("stays pending where nobody can tell what was done", async () => {
    const lost = Array.from({ length: 9 }, () => failing("timed out", "unknown"));
    const world = testWorld({ before: scripted("create", lost) });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "unknown" });
    expect(played.snapshot.resources[at("web")]).toMatchObject({ name: "web", pending: { name: "web", knownIds: [] } });
    expect(played.journal.at(-1)).toMatchObject({ kind: "outcome", result: "unknown" });
  });

  it("does not take a stranger for what an earlier attempt made", async () => {
    const world = testWorld({
      before: async (operation) => {
        if (operation.verb !== "create" || world.operations.length > 1) return;
        await world.outside({ verb: "create", name: named("web"), distro: "fedora", settings: {} });
        throw failing("timed out", "unknown");
      },
    });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.results.get(actionId("machine.web:create"))).toMatchObject({
      problem: { code: "ORB_RECOVERY_UNCLEAR" },
    });
    // Ours may still appear, under whatever name is left: the intent stays.
    expect(played.snapshot.resources[at("web")]).not.toHaveProperty("id");
    expect(played.snapshot.resources[at("web")]).toMatchObject({ pending: { name: "web" } });
    expect((await world.machines()).length).toBe(1);
  });

  it("does not wait for a client that never returns though the machine runs", async () => {
    const world = testWorld({ faults: ["create-hang"] });
    const played = await play(world, { actions: [create("web", { timeoutMs: 600_000 })], settled: [desired("web")] });
    expect(played.endings).toEqual({ "machine.web:create": "succeeded" });
    expect(world.clock.elapsed()).toBeLessThan(60_000);
    expect((await world.machines()).length).toBe(1);
  });

  it("keeps a machine that does not become ready in state, with the reason", async () => {
    const world = testWorld({ inside: () => ({ exitCode: 1, stdout: "", stderr: "no" }) });
    const played = await play(world, { actions: [create("web")], settled: [desired("web")] });
    expect(played.results.get(actionId("machine.web:create"))).toMatchObject({
      status: "failed",
      problem: { code: "ORB_NOT_READY" },
    });
    expect(played.snapshot.resources[at("web")]).toMatchObject({ status: "unready", unready: { reason: "timed out" } });
    expect(played.claims.size).toBe(1);
  });

  it("deposes the machine that stands at the address already", async () => {
    const world = testWorld();
    const old = await existing(world, "web");
    const played = await play(world, {
      actions: [create("web", { name: "web-orbform-tmp-1a2b" })],
      settled: [desired("web")],
      prior: { [at("web")]: stateOf(old) },
    });
    expect(played.snapshot.resources[at("web")]).toMatchObject({
      name: "web-orbform-tmp-1a2b",
      deposed: [{ id: old.id, name: "web" }],
    });
  });

  it("uses the address of a machine made in the same run", async () => {
    const texts: string[] = [];
    const world = testWorld();
    const text = { "~orbform": "ref", address: at("db"), property: "name" } as const;
    const after = [actionId("machine.db:create")];
    const actions = [create("db"), create("web", { after, cloudInit: { text } })];
    const played = await play(world, { actions, settled: [desired("db"), desired("web", { cloudInit: { text } })] });
    texts.push(...Object.values(played.endings));
    expect(texts).toEqual(["succeeded", "succeeded"]);
    expect(played.snapshot.resources[at("web")]).toMatchObject({
      inputs: { cloudInit: expect.stringMatching(/^sha256:/) },
    });
  });
});

describe("clone", () => {
  it("makes a stopped machine with the source's settings", async () => {
    const world = testWorld();
    const base = await existing(world, "base", { cpus: 2 });
    const played = await play(world, {
      actions: [clone("web", target("base", base.id))],
      settled: [desired("web", { power: "stopped" })],
    });
    expect(played.endings).toEqual({ "machine.web:clone": "succeeded" });
    expect(played.snapshot.resources[at("web")]).toMatchObject({
      made: { cpus: 2 },
      seen: { power: "stopped" },
      status: "ready",
    });
  });

  it("is not ready before its first start", async () => {
    const world = testWorld();
    const base = await existing(world, "base");
    const ready = { kind: "answers", timeoutMs: 60_000 } as const;
    const start = action("web", "start", {
      target: target("web"),
      ready,
      identity: "fresh",
      after: [actionId("machine.web:clone")],
    });
    const played = await play(world, {
      actions: [clone("web", target("base", base.id)), start],
      settled: [desired("web")],
    });
    expect(played.endings).toEqual({ "machine.web:clone": "succeeded", "machine.web:start": "succeeded" });
    expect(played.snapshot.resources[at("web")]).toMatchObject({ status: "ready", seen: { power: "running" } });
    expect(world.commands.map(([program]) => program)).toEqual(["true", "sh"]);
  });

  it("fails where its source is gone", async () => {
    const world = testWorld();
    const gone = clone("web", target("base", "01JBASE0000000000000000000"));
    const played = await play(world, { actions: [gone], settled: [desired("web")] });
    expect(played.results.get(gone.id)).toMatchObject({ status: "failed", problem: { code: "ORB_PLAN_STALE" } });
    expect(world.operations).toEqual([]);
  });
});
