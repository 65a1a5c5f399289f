import { describe, expect, it } from "vitest";
import { DriverError } from "../../../src/driver/errors.ts";
import {
  action,
  actionId,
  at,
  desired,
  desiredSetting,
  named,
  remove,
  stateOf,
  target,
} from "../../support/execute-builders.ts";
import { play, testWorld, type TestWorld } from "../../support/execute-world.ts";

async function existing(world: TestWorld, name: string, settings = {}) {
  await world.outside({ verb: "create", name: named(name), distro: "ubuntu", settings });
  const found = (await world.machines()).find((machine) => machine.name === name);
  if (!found) throw new Error(`${name} was not made`);
  return found;
}

const unknown = new DriverError("ORB_ORBCTL_TIMEOUT", {
  summary: "It timed out",
  detail: "x",
  kind: "timed out",
  outcome: "unknown",
});

const rename = (id: string) =>
  action("web", "rename", { target: target("web", id), from: "web", to: "www", temporary: false });

describe("rename", () => {
  it("gives a machine another name", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    const played = await play(world, {
      actions: [rename(web.id)],
      settled: [desired("web", { name: "www" })],
      prior: { [at("web")]: stateOf(web) },
    });
    expect((await world.machines()).map(({ id, name }) => ({ id, name }))).toEqual([{ id: web.id, name: "www" }]);
    expect(played.snapshot.resources[at("web")]).toMatchObject({ id: web.id, name: "www", inputs: { name: "www" } });
  });

  it("gives its settings back where they did not follow", async () => {
    const world = testWorld({ faults: ["rename-drops-config"] });
    const web = await existing(world, "web", { cpus: 2 });
    await play(world, { actions: [rename(web.id)], prior: { [at("web")]: stateOf(web) } });
    expect((await world.machines())[0]?.settings.cpus).toBe(2);
  });

  it("is done where its answer was lost but the name is there", async () => {
    let lost = true;
    const world = testWorld({
      after: (operation) => {
        if (operation.verb !== "rename" || !lost) return;
        lost = false;
        throw unknown;
      },
    });
    const web = await existing(world, "web");
    const played = await play(world, { actions: [rename(web.id)], prior: { [at("web")]: stateOf(web) } });
    expect(played.endings).toEqual({ "machine.web:rename": "succeeded" });
    expect(world.operations.map(({ verb }) => verb)).toEqual(["rename"]);
  });

  it("does not touch a machine that somebody renamed since", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    await world.outside({ verb: "rename", id: web.id, to: named("mine") });
    const played = await play(world, { actions: [rename(web.id)], prior: { [at("web")]: stateOf(web) } });
    expect(played.results.get(actionId("machine.web:rename"))).toMatchObject({ problem: { code: "ORB_PLAN_STALE" } });
    expect((await world.machines())[0]?.name).toBe("mine");
  });
});

describe("power", () => {
  const ready = { kind: "answers", timeoutMs: 60_000 } as const;

  it("stops and starts a machine, and gives the power back that was changed on the way", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    const stop = action("web", "stop", { target: target("web", web.id) });
    const start = action("web", "start", { target: target("web", web.id), ready, identity: "keep", after: [stop.id] });
    const played = await play(world, {
      actions: [start, stop],
      prior: { [at("web")]: stateOf(web, { restartPending: true }) },
    });
    expect(played.endings).toEqual({ "machine.web:stop": "succeeded", "machine.web:start": "succeeded" });
    expect(played.journal[0]).toMatchObject({ patch: [{ op: "add", path: "/resource/returnTo", value: "running" }] });
    const state = played.snapshot.resources[at("web")];
    expect(state).toMatchObject({ seen: { power: "running" } });
    expect(state).not.toHaveProperty("returnTo");
    expect(state).not.toHaveProperty("restartPending");
  });

  it("does not mark a machine that was ready once", async () => {
    const world = testWorld({ inside: () => ({ exitCode: 1, stdout: "", stderr: "" }) });
    const web = await existing(world, "web");
    const restart = action("web", "restart", { target: target("web", web.id), ready, identity: "keep" });
    const played = await play(world, { actions: [restart], prior: { [at("web")]: stateOf(web) } });
    expect(played.endings).toEqual({ "machine.web:restart": "failed" });
    expect(played.snapshot.resources[at("web")]).toMatchObject({ status: "ready" });
  });

  it("waits for a machine that OrbStack will not touch while it changes", async () => {
    const world = testWorld({ faults: ["transition=2"] });
    const web = await existing(world, "web");
    const played = await play(world, {
      actions: [action("web", "stop", { target: target("web", web.id) })],
      prior: { [at("web")]: stateOf(web) },
    });
    expect(played.endings).toEqual({ "machine.web:stop": "succeeded" });
  });
});

describe("config", () => {
  it("sets settings under the machine's present name", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    await world.outside({ verb: "rename", id: web.id, to: named("www") });
    const config = action("web", "config", {
      target: target("web", web.id),
      settings: { cpus: 3 },
      before: {},
      needsRestart: true,
    });
    const played = await play(world, { actions: [config], prior: { [at("web")]: stateOf(web) } });
    expect((await world.machines())[0]).toMatchObject({ name: "www", settings: { cpus: 3 } });
    expect(played.snapshot.resources[at("web")]).toMatchObject({
      restartPending: true,
      seen: { settings: { cpus: 3 } },
    });
  });

  it("does not take for a clamped limit what somebody set before it could be read back", async () => {
    let isFirst = true;
    const world: TestWorld = testWorld({
      after: async ({ verb }) => {
        if (verb === "configure" && isFirst) {
          isFirst = false;
          await world.outside({ verb: "configure", name: named("web"), settings: { cpus: 1 } });
        }
      },
    });
    const web = await existing(world, "web");
    const settings = { cpus: 3 };
    const config = action("web", "config", { target: target("web", web.id), settings, before: {}, needsRestart: true });
    const played = await play(world, { actions: [config], prior: { [at("web")]: stateOf(web) } });
    expect((await world.machines())[0]).toMatchObject({ settings });
    expect(played.snapshot.resources[at("web")]).not.toHaveProperty("clamped");
  });

  it("refuses a disk limit under what the machine takes", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    const settings = { diskBytes: 1024 * 1024 };
    const config = action("web", "config", { target: target("web", web.id), settings, before: {}, needsRestart: true });
    const played = await play(world, { actions: [config], prior: { [at("web")]: stateOf(web) } });
    expect(played.results.get(config.id)).toMatchObject({ problem: { code: "ORB_DISK_SHRINK" } });
    expect(world.operations).toEqual([]);
  });

  it("refuses a default user that is not there", async () => {
    const world = testWorld({
      inside: ({ command }) => ({ exitCode: command[0] === "id" ? 1 : 0, stdout: "", stderr: "" }),
    });
    const web = await existing(world, "web");
    const config = action("web", "config", {
      target: target("web", web.id),
      settings: { user: "eve" },
      before: {},
      needsRestart: false,
    });
    const played = await play(world, { actions: [config], prior: { [at("web")]: stateOf(web) } });
    expect(played.results.get(config.id)).toMatchObject({ problem: { code: "ORB_PROPERTY_INVALID" } });
    expect(world.operations).toEqual([]);
  });
});

describe("delete", () => {
  it("sets the machine aside by its id, then deletes it by that name", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    const played = await play(world, { actions: [remove("web", web.id)], prior: { [at("web")]: stateOf(web) } });
    expect(world.operations).toEqual([
      { verb: "rename", id: web.id, to: "web-orbform-del-1a2b" },
      { verb: "delete", name: "web-orbform-del-1a2b" },
    ]);
    expect(played.journal[0]).toMatchObject({
      patch: expect.arrayContaining([{ op: "add", path: "/resource/halfDeleted", value: "web-orbform-del-1a2b" }]),
    });
    expect(played.snapshot.resources).toEqual({});
    expect(await world.machines()).toEqual([]);
  });

  it("never hits a stranger who took the name", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    await world.outside({ verb: "delete", name: named("web") });
    const stranger = await existing(world, "web");
    const played = await play(world, { actions: [remove("web", web.id)], prior: { [at("web")]: stateOf(web) } });
    expect(played.endings).toEqual({ "machine.web:delete": "succeeded" });
    expect(await world.machines()).toEqual([stranger]);
    expect(world.operations).toEqual([]);
  });

  it("takes the limit of a full disk away first", async () => {
    const world = testWorld({ faults: ["disk-quota"] });
    const web = await existing(world, "web", { diskBytes: 64 * 2 ** 30 });
    const played = await play(world, { actions: [remove("web", web.id)], prior: { [at("web")]: stateOf(web) } });
    expect(played.endings).toEqual({ "machine.web:delete": "succeeded" });
    expect(world.operations.map(({ verb }) => verb)).toEqual(["rename", "configure", "rename", "delete"]);
  });

  it("finishes what an earlier run began", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    await world.outside({ verb: "rename", id: web.id, to: named("web-orbform-del-1a2b") });
    const halfway = stateOf(web, { name: "web-orbform-del-1a2b", halfDeleted: "web-orbform-del-1a2b" });
    const played = await play(world, { actions: [remove("web", web.id)], prior: { [at("web")]: halfway } });
    expect(played.endings).toEqual({ "machine.web:delete": "succeeded" });
    expect(world.operations.map(({ verb }) => verb)).toEqual(["delete"]);
  });

  it("takes only the record of a predecessor away", async () => {
    const world = testWorld();
    const old = await existing(world, "old");
    const web = await existing(world, "web");
    const prior = { [at("web")]: stateOf(web, { deposed: [{ id: old.id, name: "old" }] }) };
    const deposed = remove("web", old.id, { deposed: true, name: "old" });
    const played = await play(world, { actions: [deposed], prior });
    expect(played.snapshot.resources[at("web")]).toMatchObject({ id: web.id });
    expect(played.snapshot.resources[at("web")]).not.toHaveProperty("deposed");
    expect((await world.machines()).map(({ name }) => name)).toEqual(["web"]);
  });
});

describe("settings of OrbStack", () => {
  const key = "memory_mib";
  const write = (value: number, before: string) => ({
    ...action("memory", "write", { subject: "setting", key, value, before }),
    address: desiredSetting(key, value).address,
  });

  it("keeps what stood before the first set in the intent, and never overwrites it", async () => {
    const world = testWorld();
    const before = (await world.settings())[key] ?? "";
    const first = await play(world, { actions: [write(5000, before)], settled: [desiredSetting(key, 5000)] });
    expect((await world.settings())[key]).toBe("5000");
    const address = desiredSetting(key, 0).address;
    expect(first.journal[0]).toMatchObject({ patch: [{ value: { original: before } }] });
    const prior = { ...first.snapshot.resources };
    const second = await play(world, { actions: [write(6000, "5000")], settled: [desiredSetting(key, 6000)], prior });
    expect(second.snapshot.resources[address]).toMatchObject({
      original: before,
      seen: "6000",
      inputs: { value: 6000 },
    });
  });

  it("keeps what stands when it is set, not what the plan saw: another address may have put it back since", async () => {
    const world = testWorld();
    const before = (await world.settings())[key] ?? "";
    const played = await play(world, { actions: [write(5000, "4096")], settled: [desiredSetting(key, 5000)] });
    expect(played.snapshot.resources[desiredSetting(key, 0).address]).toMatchObject({ original: before });
  });

  it("does not take for OrbStack's own what somebody set before it could be read back", async () => {
    let isFirst = true;
    const world: TestWorld = testWorld({
      after: async () => {
        if (isFirst) await world.outside({ verb: "set", key, value: "7000" });
        isFirst = false;
      },
    });
    const played = await play(world, { actions: [write(5000, "1")], settled: [desiredSetting(key, 5000)] });
    const kept = played.snapshot.resources[desiredSetting(key, 0).address];
    expect(kept).toMatchObject({ seen: "5000" });
    expect(kept).not.toHaveProperty("got");
    expect((await world.settings())[key]).toBe("5000");
  });

  it("leaves what somebody else set since", async () => {
    const world = testWorld();
    const put = await play(world, { actions: [write(5000, "1")], settled: [desiredSetting(key, 5000)] });
    await world.outside({ verb: "set", key, value: "7000" });
    const back = {
      ...action("memory", "remove", { subject: "setting", key, value: "1", before: "5000" }),
      address: desiredSetting(key, 0).address,
    };
    const played = await play(world, { actions: [back], prior: put.snapshot.resources });
    expect((await world.settings())[key]).toBe("7000");
    expect(played.snapshot.resources).toEqual({});
    expect(played.events.some((each) => each.event === "notice")).toBe(true);
  });
});

describe("state only", () => {
  it("adopts a machine as it is, and forgets one", async () => {
    const world = testWorld();
    const web = await existing(world, "web", { cpus: 2 });
    const adopt = action("web", "adopt", { target: target("web", web.id), name: "web" });
    const adopted = await play(world, { actions: [adopt], settled: [desired("web")] });
    expect(adopted.snapshot.resources[at("web")]).toMatchObject({ id: web.id, made: { cpus: 2 }, status: "ready" });
    const forgotten = await play(world, { actions: [action("web", "forget", {})], prior: adopted.snapshot.resources });
    expect(forgotten.snapshot.resources).toEqual({});
    expect(world.operations).toEqual([]);
  });

  it("makes a machine the default, and none", async () => {
    const world = testWorld();
    const web = await existing(world, "web");
    const prior = { [at("web")]: stateOf(web) };
    await play(world, { actions: [action("web", "set-default", { target: target("web", web.id) })], prior });
    expect(await world.default()).toBe("web");
    await play(world, { actions: [action("web", "set-default", { target: null })], prior });
    expect(await world.default()).not.toBe("web");
  });
});
