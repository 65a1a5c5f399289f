import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";
import {
  at,
  changesOf,
  cloneOf,
  desiredMachine,
  errorsOf,
  graphOf,
  liveMachine,
  planOf,
  stateOf,
  ulid,
} from "../../support/plan-builders.ts";

const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };

function settled(name: string, given = {}) {
  const desired = desiredMachine(name, given);
  const live = liveMachine(name);
  return { desired, live, state: stateOf(desired, live) };
}

test("rule 1: an action comes after those that produce what it refers to", () => {
  const plan = planOf({ desired: [desiredMachine("app", { dependencies: [at("db")] }), desiredMachine("db")] });
  expect(graphOf(plan)).toEqual(["machine.app:create < machine.db:create", "machine.db:create"]);
});

test("rule 1: deletes run in reverse order", () => {
  const [app, db] = [settled("app", { dependencies: [at("db")] }), settled("db")];
  const plan = planOf({ prior: { app: app.state, db: db.state }, live: [app.live, db.live] });
  expect(graphOf(plan)).toEqual(["machine.app:delete", "machine.db:delete < machine.app:delete"]);
});

test("rule 2: a name is taken only after whoever holds it has let go", () => {
  const old = settled("web");
  const plan = planOf({
    desired: [desiredMachine("new", { name: "web" })],
    prior: { web: old.state },
    live: [old.live],
  });
  expect(graphOf(plan)).toEqual(["machine.new:create < machine.web:delete", "machine.web:delete"]);
});

test.each([["ab"], ["abc"], ["abcde"]])("rule 3: a ring of names %s is broken by one temporary name", (ring) => {
  const all = ring.split("").map((name) => settled(name));
  const next = (index: number): string => ring[(index + 1) % ring.length] ?? "";
  const plan = planOf({
    desired: all.map(({ desired }, index) => ({ ...desired, name: next(index) })),
    prior: Object.fromEntries(all.map(({ desired, state }) => [desired.name, state])),
    live: all.map(({ live }) => live),
  });
  const renames = plan.actions.filter((each) => each.kind === "rename");
  expect([renames.length, renames.filter((each) => each.temporary).length]).toEqual([ring.length + 1, 1]);
});

test("rule 3: two machines swap names", () => {
  const [a, b] = [settled("a"), settled("b")];
  const plan = planOf({
    desired: [
      { ...a.desired, name: "b" },
      { ...b.desired, name: "a" },
    ],
    prior: { a: a.state, b: b.state },
    live: [a.live, b.live],
  });
  expect(graphOf(plan)).toEqual([
    "machine.a:rename < machine.b:rename-temporary",
    "machine.b:rename < machine.a:rename, machine.b:rename-temporary",
    "machine.b:rename-temporary",
  ]);
});

test("rule 4: a clone waits for all that is done to its source", () => {
  const base = settled("base");
  const plan = planOf({
    desired: [
      { ...base.desired, settings: { cpus: 2 }, power: "stopped" },
      cloneOf("web", "base", { power: "stopped" }),
    ],
    prior: { base: base.state },
    live: [base.live],
  });
  expect(graphOf(plan)).toEqual([
    "machine.base:config < machine.base:stop",
    "machine.base:stop",
    "machine.web:clone < machine.base:config",
  ]);
});

test("rule 4: clones of one source run one at a time", () => {
  const base = settled("base");
  const plan = planOf({
    desired: [base.desired, ...["x", "y", "z"].map((key) => cloneOf(key, "base", { power: "stopped" }))],
    prior: { base: base.state },
    live: [base.live],
  });
  expect(graphOf(plan)).toEqual([
    "machine.x:clone",
    "machine.y:clone < machine.x:clone",
    "machine.z:clone < machine.y:clone",
  ]);
});

test("rule 4: a source is deleted only after its clone", () => {
  const golden = settled("golden");
  const origin = { kind: "clone" as const, of: { kind: "existing" as const, name: "golden" } };
  const plan = planOf({
    desired: [desiredMachine("web", { origin, power: "stopped" })],
    prior: { golden: golden.state },
    live: [golden.live],
  });
  expect(graphOf(plan)).toEqual(["machine.golden:delete < machine.web:clone", "machine.web:clone"]);
});

test("rule 4: a clone is given what differs from its source before its first boot", () => {
  const base = settled("base", { settings: { memoryMiB: 1024 } });
  const live = { ...base.live, settings: { ...base.live.settings, memoryMiB: 1024 } };
  const plan = planOf({
    desired: [base.desired, cloneOf("web", "base", { settings: { cpus: 2, memoryMiB: 1024 } })],
    prior: { base: stateOf(base.desired, live) },
    live: [live],
  });
  expect(graphOf(plan)).toEqual([
    "machine.web:clone",
    "machine.web:config < machine.web:clone",
    "machine.web:start < machine.web:config",
  ]);
  expect(plan.actions[1]).toMatchObject({ settings: { cpus: 2 }, needsRestart: false });
});

test("rule 5: a replacement deletes, then creates", () => {
  const web = settled("web");
  const origin = { kind: "image" as const, distro: "ubuntu" };
  const plan = planOf({ desired: [{ ...web.desired, origin }], prior: { web: web.state }, live: [web.live] });
  expect([changesOf(plan), graphOf(plan)]).toEqual([
    ["machine.web replace (replace: property)"],
    ["machine.web:create < machine.web:delete", "machine.web:delete"],
  ]);
  expect(plan.summary).toMatchObject({ add: 1, destroy: 1 });
});

test("rule 5: createBeforeDestroy creates under a temporary name, deletes the old one, then renames", () => {
  const web = settled("web");
  const origin = { kind: "image" as const, distro: "ubuntu" };
  const desired = [{ ...web.desired, origin, lifecycle: first, default: true }];
  const plan = planOf({ desired, prior: { web: web.state }, live: [web.live] });
  expect(graphOf(plan)).toEqual([
    "machine.web:create",
    "machine.web:delete-deposed < machine.web:create",
    "machine.web:rename < machine.web:delete-deposed",
    "machine.web:set-default < machine.web:rename",
  ]);
  expect(plan.actions[1]).toMatchObject({ deposed: true, target: { id: web.live.id } });
});

test("rule 5: an interrupted replacement goes on with the new one and deletes the old", () => {
  const web = settled("web");
  const old = { id: machineId(ulid("old")), name: "web" };
  const now = { ...web.live, name: "web-orbform-tmp-0a1b" };
  const plan = planOf({
    desired: [web.desired],
    prior: { web: { ...web.state, name: now.name, deposed: [old] } },
    live: [now, liveMachine("web", { id: old.id })],
  });
  expect(graphOf(plan)).toEqual(["machine.web:delete-deposed", "machine.web:rename < machine.web:delete-deposed"]);
  expect(plan.actions[0]).toMatchObject({ target: { id: old.id } });
});

test("every machine that is deleted is counted, predecessors too", () => {
  const web = settled("web");
  const old = liveMachine("old");
  const prior = { web: { ...web.state, deposed: [{ id: old.id, name: "old" }] } };
  const destroyed = (worlds: Parameters<typeof planOf>[0]) => {
    const { actions, summary } = planOf({ prior, live: [web.live, old], ...worlds });
    return [actions.filter((each) => each.kind === "delete").length, summary.destroy];
  };
  const origin = { kind: "image" as const, distro: "ubuntu" };
  expect([
    destroyed({ desired: [web.desired] }),
    destroyed({}),
    destroyed({ desired: [{ ...web.desired, origin }] }),
    destroyed({ desired: [{ ...web.desired, origin, lifecycle: first }], prior: { web: web.state } }),
    destroyed({ desired: [web.desired], live: [old] }),
    destroyed({ live: [old] }),
  ]).toEqual([
    [1, 1],
    [2, 2],
    [2, 2],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test("rule 5: is refused where both can't have one port", () => {
  const web = settled("web");
  const origin = { kind: "image" as const, distro: "ubuntu" };
  const desired = [{ ...web.desired, origin, lifecycle: first, settings: { httpPort: 8080 } }];
  expect(errorsOf(planOf({ desired, prior: { web: web.state }, live: [web.live] }))).toEqual([
    "ORB_PROPERTY_INVALID machine.web",
  ]);
});

test("rule 6: the default is set after the final name", () => {
  const web = settled("web");
  const desired = [{ ...web.desired, name: "front", default: true }];
  const plan = planOf({ desired, prior: { web: web.state }, live: [web.live] });
  expect(graphOf(plan)).toEqual(["machine.web:rename", "machine.web:set-default < machine.web:rename"]);
});

test("rule 6: a default that moves from one machine to another is set once", () => {
  const [web, db] = [settled("web", { default: true }), settled("db")];
  const desired = [
    { ...web.desired, default: false },
    { ...db.desired, default: true },
  ];
  const prior = { web: web.state, db: db.state };
  const moved = { desired, prior, live: [web.live, db.live], liveMore: { default: "web" } };
  expect(planOf(moved).actions.map(({ id }) => id)).toEqual(["machine.db:set-default"]);
  expect(planOf(moved).changes.map(({ address }) => address)).toEqual(["machine.db", "machine.web"]);
  const targets = [web.desired.address];
  expect(planOf({ ...moved, options: { targets } }).actions.map(({ id }) => id)).toEqual(["machine.web:set-default"]);
});

test("rule 6: a default that is given up is cleared only if it is still ours", () => {
  const web = settled("web", { default: true });
  const worlds = { desired: [{ ...web.desired, default: false }], prior: { web: web.state }, live: [web.live] };
  expect(planOf({ ...worlds, liveMore: { default: "web" } }).actions).toMatchObject([
    { kind: "set-default", target: null },
  ]);
  expect(planOf({ ...worlds, liveMore: { default: "other" } }).actions).toEqual([]);
});

test("rule 7: a machine that ends stopped is stopped after it was made", () => {
  expect(graphOf(planOf({ desired: [desiredMachine("web", { power: "stopped" })] }))).toEqual([
    "machine.web:create",
    "machine.web:stop < machine.web:create",
  ]);
});

test("rule 8: preventDestroy fails the plan where a machine would be replaced or deleted", () => {
  const web = settled("web", { lifecycle: { ...DEFAULT_LIFECYCLE, preventDestroy: true } });
  const origin = { kind: "image" as const, distro: "ubuntu" };
  const replaced = planOf({ desired: [{ ...web.desired, origin }], prior: { web: web.state }, live: [web.live] });
  const removed = planOf({ prior: { web: web.state }, live: [web.live] });
  const destroyed = planOf({
    desired: [web.desired],
    prior: { web: web.state },
    live: [web.live],
    options: { mode: "destroy" },
  });
  for (const plan of [replaced, removed, destroyed]) {
    expect([errorsOf(plan), plan.actions]).toEqual([["ORB_PREVENT_DESTROY machine.web"], []]);
  }
});

test("rule 9: a machine in provisioning is never stopped", () => {
  const web = settled("web", { power: "stopped" });
  const plan = planOf({
    desired: [web.desired],
    prior: { web: web.state },
    live: [{ ...web.live, state: "provisioning" }],
  });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_MACHINE_IN_TRANSITION machine.web"], []]);
});

test("rule 10: a running machine is restarted for its settings, one with power any is not", () => {
  const web = settled("web");
  const worlds = { prior: { web: web.state }, live: [web.live] };
  const running = planOf({ ...worlds, desired: [{ ...web.desired, settings: { cpus: 2 } }] });
  expect(graphOf(running)).toEqual(["machine.web:config", "machine.web:restart < machine.web:config"]);
  const any = planOf({ ...worlds, desired: [{ ...web.desired, settings: { cpus: 2 }, power: "any" }] });
  expect([graphOf(any), any.changes[0]?.notes]).toEqual([["machine.web:config"], ["takes effect at the next restart"]]);
  const user = planOf({ ...worlds, desired: [{ ...web.desired, settings: { user: "ann" } }] });
  expect(graphOf(user)).toEqual(["machine.web:config"]);
});

test("rule 10: a restart that was pending is made up for, and power that is owed is given back", () => {
  const web = settled("web");
  const late = planOf({
    desired: [web.desired],
    prior: { web: { ...web.state, restartPending: true } },
    live: [web.live],
  });
  expect(graphOf(late)).toEqual(["machine.web:restart"]);
  const any = settled("web", { power: "any" });
  const owed = { ...any.state, returnTo: "running" as const };
  const back = planOf({ desired: [any.desired], prior: { web: owed }, live: [{ ...any.live, state: "stopped" }] });
  expect([graphOf(back), back.drift]).toEqual([["machine.web:start"], []]);
});

test("an unready machine is waited for again, a failed one replaced", () => {
  const web = settled("web");
  const unready = (reason: "timed out" | "failed") => ({
    ...web.state,
    status: "unready" as const,
    unready: { reason, detail: "" },
  });
  const plan = (reason: "timed out" | "failed", probes = {}) =>
    planOf({ desired: [web.desired], prior: { web: unready(reason) }, live: [web.live], liveMore: { probes } });
  expect(graphOf(plan("timed out"))).toEqual(["machine.web:start"]);
  expect(graphOf(plan("timed out", { [web.live.id]: "ready" }))).toEqual([]);
  expect(changesOf(plan("failed"))).toEqual(["machine.web replace (replace: not ready)"]);
});

test("rule 4: a running source is stopped for its clones only where the driver needs that", () => {
  const base = settled("base");
  const worlds = {
    desired: [base.desired, cloneOf("web", "base", { power: "stopped" })],
    prior: { base: base.state },
    live: [base.live],
  };
  const capabilities = { version: "", limits: true, isolation: true, cloneNeedsStop: true };
  expect(graphOf(planOf(worlds))).toEqual(["machine.web:clone"]);
  expect(graphOf(planOf({ ...worlds, liveMore: { capabilities } }))).toEqual([
    "machine.base:start-after-clone < machine.base:stop-for-clone, machine.web:clone",
    "machine.base:stop-for-clone",
    "machine.web:clone < machine.base:stop-for-clone",
  ]);
});

test("rule 6: a machine that is made as the default takes it even where later changes of it are ignored", () => {
  const old = settled("old", { default: true });
  const fresh = desiredMachine("new", {
    default: true,
    lifecycle: { ...DEFAULT_LIFECYCLE, ignoreChanges: ["default"] },
  });
  const plan = planOf({
    desired: [{ ...old.desired, default: false }, fresh],
    prior: { old: old.state },
    live: [old.live],
    liveMore: { default: "old" },
  });
  expect(plan.actions.filter((each) => each.kind === "set-default")).toMatchObject([{ address: at("new") }]);
});

test("rule 1: deletes that the stack of today contradicts leave the order of the others alone", () => {
  const leftover = (name: string) => liveMachine(`${name}-old`);
  const halfway = (name: string, needs: readonly string[]) => {
    const { desired, live, state } = settled(name);
    const { id, name: old } = leftover(name);
    return {
      desired: { ...desired, name: `${name}2` },
      live,
      state: { ...state, dependencies: needs.map(at), deposed: [{ id, name: old }] },
    };
  };
  const [one, two, app] = [halfway("one", ["two"]), halfway("two", []), settled("app")];
  const origin = { kind: "image" as const, distro: "ubuntu" };
  const plan = planOf({
    desired: [
      one.desired,
      two.desired,
      { ...app.desired, origin, lifecycle: first, dependencies: [at("one"), at("two")] },
    ],
    prior: { one: one.state, two: two.state, app: app.state },
    live: [one.live, two.live, app.live, leftover("one"), leftover("two")],
  });
  expect(graphOf(plan)).toContain("machine.two:delete-deposed < machine.one:delete-deposed, machine.one:rename");
});

test("rule 9: a predecessor in transition is left alone", () => {
  const web = settled("web");
  const old = liveMachine("old", { state: "provisioning" });
  const state = { ...web.state, deposed: [{ id: old.id, name: "old" }] };
  const plan = planOf({ desired: [web.desired], prior: { web: state }, live: [web.live, old] });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_MACHINE_IN_TRANSITION machine.web"], []]);
});

test("a machine that is adopted where predecessors are left lets them be deleted by the same plan", () => {
  const [web, old] = [settled("web"), liveMachine("web-old")];
  const plan = planOf({
    desired: [web.desired],
    prior: { web: { ...web.state, id: machineId(ulid("gone")), deposed: [{ id: old.id, name: old.name }] } },
    live: [web.live, old],
    options: { adopt: [at("web")] },
  });
  expect(graphOf(plan)).toEqual(["machine.web:adopt", "machine.web:delete-deposed < machine.web:adopt"]);
});
