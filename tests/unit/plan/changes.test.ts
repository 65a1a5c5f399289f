import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { UNKNOWN } from "../../../src/model/plan.ts";
import { planDigest } from "../../../src/plan/plan-digest.ts";
import {
  at,
  changesOf,
  desiredMachine,
  desiredSetting,
  digest,
  errorsOf,
  graphOf,
  liveMachine,
  planOf,
  settingState,
  stateOf,
} from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const state = stateOf(web, live);
const ref = (key: string, property: string) => ({ "~orbform": "ref" as const, address: at(key), property });
const withSettings = (settings: object) => ({ ...live, settings: { ...live.settings, ...settings } });

const origin = (path: string, sum: string) => ({ kind: "restore" as const, path, digest: sum });

test("what changed outside and is wanted anyway is folded: no change, not shown", () => {
  const desired = desiredMachine("web", { settings: { cpus: 2 } });
  const plan = planOf({ desired: [desired], prior: { web: state }, live: [withSettings({ cpus: 2 })] });
  expect([plan.changes, plan.actions, plan.drift.map((each) => each.folded)]).toEqual([[], [], [true]]);
  expect([Object.keys(plan.refreshed), Object.keys(plan.settled)]).toEqual([["machine.web"], ["machine.web"]]);
});

test("what changed outside and is not wanted is drift and a change", () => {
  const desired = desiredMachine("web", { settings: { cpus: 2 } });
  const prior = stateOf(desired, withSettings({ cpus: 2 }));
  const plan = planOf({ desired: [desired], prior: { web: prior }, live: [withSettings({ cpus: 4 })] });
  expect(plan.drift).toMatchObject([{ folded: false, attributes: [{ path: "cpus", before: 2, after: 4 }] }]);
  expect(plan.changes[0]?.attributes).toMatchObject([{ path: "cpus", before: 4, after: 2 }]);
});

test("a property left out is not managed: no diff, no drift", () => {
  const plan = planOf({ desired: [web], prior: { web: state }, live: [withSettings({ cpus: 4 })] });
  expect([plan.changes, plan.drift]).toEqual([[], []]);
});

test("a property left out after it was set goes back to what the machine was made with", () => {
  const before = stateOf(desiredMachine("web", { settings: { cpus: 4 } }), withSettings({ cpus: 4 }), {
    made: { cpus: 1 },
  });
  const plan = planOf({ desired: [web], prior: { web: before }, live: [withSettings({ cpus: 4 })] });
  expect(plan.changes[0]?.attributes).toMatchObject([{ path: "cpus", before: 4, after: 1 }]);
});

test("null is OrbStack's default", () => {
  const desired = desiredMachine("web", { settings: { cpus: null } });
  const plan = planOf({ desired: [desired], prior: { web: state }, live: [withSettings({ cpus: 4 })] });
  expect(plan.actions[0]).toMatchObject({ kind: "config", settings: { cpus: 0 }, before: { cpus: 4 } });
});

test("a clamped limit is no change while live is what was got", () => {
  const desired = desiredMachine("web", { settings: { memoryMiB: 99_999 } });
  const prior = stateOf(desired, withSettings({ memoryMiB: 8192 }), { clamped: { memoryMiB: 8192 } });
  const plan = (memoryMiB: number) =>
    planOf({ desired: [desired], prior: { web: prior }, live: [withSettings({ memoryMiB })] });
  expect([plan(8192).changes, changesOf(plan(4096))]).toEqual([[], ["machine.web update"]]);
});

test("what live does not tell is compared with prior", () => {
  const desired = desiredMachine("web", { settings: { mounts: ["/a"] } });
  const same = planOf({ desired: [desired], prior: { web: stateOf(desired, live) }, live: [live] });
  const other = planOf({ desired: [desired], prior: { web: state }, live: [live] });
  expect([same.changes, graphOf(other)[0]]).toEqual([[], "machine.web:config"]);
});

test("ignored properties are never drift or change", () => {
  const ignoreChanges = ["name", "cpus", "power", "image"];
  const desired = desiredMachine("web", {
    lifecycle: { ...DEFAULT_LIFECYCLE, ignoreChanges },
    origin: { kind: "image", distro: "ubuntu" },
    settings: { cpus: 2 },
  });
  const seen = { ...withSettings({ cpus: 4 }), name: "www", state: "stopped" as const };
  const plan = planOf({ desired: [desired], prior: { web: stateOf(desired, live) }, live: [seen] });
  expect([plan.changes, plan.drift, plan.actions]).toEqual([[], [], []]);
});

test("an image not provably different is a warning, never a replacement", () => {
  const desired = desiredMachine("web", { origin: { kind: "image", distro: "mystery", version: "7" } });
  const plan = planOf({ desired: [desired], prior: { web: state }, live: [live] });
  expect([plan.changes, plan.diagnostics.map((each) => each.severity)]).toEqual([[], ["warning"]]);
});

test("labels are an update that no action carries out", () => {
  const plan = planOf({
    desired: [desiredMachine("web", { labels: { tier: "front" } })],
    prior: { web: state },
    live: [live],
  });
  expect([changesOf(plan), plan.actions, Object.keys(plan.settled)]).toEqual([
    ["machine.web update"],
    [],
    ["machine.web"],
  ]);
});

test("a lifecycle that changed is settled without being shown", () => {
  const desired = desiredMachine("web", { lifecycle: { ...DEFAULT_LIFECYCLE, preventDestroy: true } });
  const plan = planOf({ desired: [desired], prior: { web: state }, live: [live] });
  expect([plan.changes, Object.keys(plan.settled)]).toEqual([[], ["machine.web"]]);
});

test("an unknown value that forces replacement replaces, another is filled in then", () => {
  const db = desiredMachine("db");
  const dependencies = [db.address];
  const watching = desiredMachine("web", {
    dependencies,
    lifecycle: { ...DEFAULT_LIFECYCLE, replaceWhen: [ref("db", "id")] },
  });
  const user = desiredMachine("web", { dependencies, settings: { user: ref("db", "id") } });
  const plan = (desired: typeof web) => planOf({ desired: [db, desired], prior: { web: state }, live: [live] });
  expect(changesOf(plan(watching))).toEqual(["machine.db create", "machine.web replace (replace: replaceWhen)"]);
  expect(changesOf(plan(user))).toEqual(["machine.db create", "machine.web update"]);
  expect(plan(user).changes[1]?.attributes).toMatchObject([{ path: "user", after: UNKNOWN }]);
});

test("a restore is made again when its digest changes, not when its path does", () => {
  const prior = stateOf(desiredMachine("web", { origin: origin("/a", "sha256:1") }), live);
  const plan = (path: string, sum: string) =>
    changesOf(
      planOf({ desired: [desiredMachine("web", { origin: origin(path, sum) })], prior: { web: prior }, live: [live] }),
    );
  expect([plan("/b", "sha256:1"), plan("/a", "sha256:2")]).toEqual([[], ["machine.web replace (replace: property)"]]);
});

test("what this OrbStack can't do is an error at plan time", () => {
  const capabilities = { version: "2.0.5", limits: false, isolation: false, cloneNeedsStop: false };
  const desired = desiredMachine("web", { settings: { cpus: 2, isolated: true } });
  const plan = planOf({ desired: [desired], liveMore: { capabilities } });
  expect(errorsOf(plan)).toEqual(["ORB_NOT_CAPABLE machine.web", "ORB_NOT_CAPABLE machine.web"]);
});

test("a disk limit under the present size is an error where that is known", () => {
  const desired = desiredMachine("web", { settings: { diskBytes: 1000 } });
  const known = { ...state, addresses: { diskUsedBytes: 2000 } };
  expect(errorsOf(planOf({ desired: [desired], prior: { web: known }, live: [live] }))).toEqual([
    "ORB_DISK_SHRINK machine.web",
  ]);
  expect(errorsOf(planOf({ desired: [desired], prior: { web: state }, live: [live] }))).toEqual([]);
});

test("a setting is written, and put back only while it is still ours", () => {
  const memory = desiredSetting("memory_mib", 8192);
  const made = planOf({ desired: [memory], liveMore: { settings: { memory_mib: "4096" } } });
  expect(made.actions).toMatchObject([{ kind: "write", key: "memory_mib", value: 8192, before: "4096" }]);
  const prior = { "setting.memory_mib": settingState(memory, "4096", "8192") };
  const removed = (value: string) => planOf({ prior, liveMore: { settings: { memory_mib: value } } });
  expect(removed("8192").actions).toMatchObject([{ kind: "remove", value: "4096" }]);
  expect(changesOf(removed("6000"))).toEqual(["setting.memory_mib forget (forget: kept)"]);
  expect(planOf({ desired: [memory], prior, liveMore: { settings: { memory_mib: "8192" } } }).changes).toEqual([]);
});

test("what somebody else gave a setting is not taken over as the value we set, so it is never put back", () => {
  const memory = desiredSetting("memory_mib", 8192);
  const prior = { "setting.memory_mib": settingState(memory, "4096", "8192") };
  const drifted = planOf({ desired: [memory], prior, liveMore: { settings: { memory_mib: "6000" } } });
  expect(drifted.actions).toMatchObject([{ kind: "write", value: 8192, before: "6000" }]);
  expect(drifted.refreshed).toEqual({});
});

test("a target brings what it needs, an exclusion takes what needs it", () => {
  const desired = [desiredMachine("app", { dependencies: [at("db")] }), desiredMachine("db"), web];
  const targeted = planOf({ desired, options: { targets: [at("app")] } });
  expect(changesOf(targeted)).toEqual(["machine.app create", "machine.db create"]);
  expect(changesOf(planOf({ desired, options: { excludes: [at("db")] } }))).toEqual(["machine.web create"]);
  expect(errorsOf(planOf({ desired, options: { targets: [at("nope")] } }))).toEqual([
    "ORB_ADDRESS_UNKNOWN machine.nope",
  ]);
});

test("destroy deletes all that is in state, refresh-only does nothing", () => {
  const worlds = { desired: [web], prior: { web: state }, live: [{ ...live, state: "stopped" as const }] };
  expect(changesOf(planOf({ ...worlds, options: { mode: "destroy" } }))).toEqual([
    "machine.web delete (delete: destroy)",
  ]);
  const refreshing = planOf({ ...worlds, options: { mode: "refresh-only" } });
  expect([refreshing.changes, refreshing.actions, refreshing.drift.length]).toEqual([[], [], 1]);
});

test("adopting refuses what would be replaced, unless that is allowed", () => {
  const desired = desiredMachine("web", { origin: { kind: "image", distro: "ubuntu" } });
  const adopt = [web.address];
  expect(errorsOf(planOf({ desired: [desired], live: [live], options: { adopt } }))).toEqual([
    "ORB_ADOPT_REFUSED machine.web",
  ]);
  const allowed = planOf({ desired: [desired], live: [live], options: { adopt, allowReplace: true } });
  expect(graphOf(allowed)).toEqual([
    "machine.web:adopt",
    "machine.web:create < machine.web:delete",
    "machine.web:delete < machine.web:adopt",
  ]);
});

test("outputs tell what is known and what is only known after apply", () => {
  const outputs = { id: { value: ref("web", "id"), sensitive: false } };
  expect(planOf({ desired: [web], outputs }).outputChanges).toEqual([{ name: "id", after: UNKNOWN, sensitive: false }]);
  const priorOutputs = { id: { value: live.id, sensitive: false }, old: { value: 1, sensitive: false } };
  const plan = planOf({ desired: [web], outputs, prior: { web: state }, live: [live], priorOutputs });
  expect(plan.outputChanges).toEqual([{ name: "old", before: 1, sensitive: false }]);
});

test("the digest of a plan does not depend on durations", () => {
  const plan = planOf({ desired: [web] });
  const slower = { ...plan, actions: plan.actions.map((each) => ({ ...each, expectedMs: 1 })) };
  expect(planDigest(slower, digest)).toBe(planDigest(plan, digest));
  expect(planDigest({ ...plan, serial: 9 }, digest)).not.toBe(planDigest(plan, digest));
});
