import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";
import {
  at,
  changesOf,
  desiredMachine,
  errorsOf,
  graphOf,
  liveMachine,
  NOW,
  planOf,
  stateOf,
  ulid,
} from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const state = stateOf(web, live);
const stranger = liveMachine("web", { id: machineId(ulid("stranger")) });

test("id A is web: plans nothing", () => {
  const plan = planOf({ desired: [web], prior: { web: state }, live: [live] });
  expect([plan.changes, plan.actions, plan.drift, plan.diagnostics, plan.refreshed, plan.settled]).toEqual([
    [],
    [],
    [],
    [],
    {},
    {},
  ]);
});

test("id A is www: shows drift and renames it back", () => {
  const plan = planOf({ desired: [web], prior: { web: state }, live: [{ ...live, name: "www" }] });
  expect(graphOf(plan)).toEqual(["machine.web:rename"]);
  expect(plan.actions[0]).toMatchObject({ from: "www", to: "web", target: { id: live.id } });
  expect(plan.drift).toMatchObject([
    { kind: "changed", folded: false, attributes: [{ path: "name", before: "web", after: "www" }] },
  ]);
});

test("id A is www and B is web: refuses, naming the way to adopt", () => {
  const plan = planOf({ desired: [web], prior: { web: state }, live: [{ ...live, name: "www" }, stranger] });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_NAME_TAKEN machine.web"], []]);
  expect(plan.diagnostics[0]?.hint).toContain("orb adopt machine.web web");
});

test("A gone and B is web: replaced outside, refuses unless adopted", () => {
  const worlds = { desired: [web], prior: { web: state }, live: [stranger] };
  const plan = planOf(worlds);
  expect([errorsOf(plan), plan.actions, plan.drift[0]?.kind]).toEqual([
    ["ORB_REPLACED_OUTSIDE machine.web"],
    [],
    "replaced",
  ]);
  expect(plan.diagnostics[0]?.hint).toContain("orb adopt machine.web web");
  const adopting = planOf({ ...worlds, options: { adopt: [web.address] } });
  expect([changesOf(adopting), graphOf(adopting), errorsOf(adopting)]).toEqual([
    ["machine.web adopt"],
    ["machine.web:adopt"],
    [],
  ]);
});

test("A gone and the name free: shows drift and creates it again", () => {
  const plan = planOf({ desired: [web], prior: { web: state }, live: [] });
  expect(changesOf(plan)).toEqual(["machine.web create (create: deleted outside)"]);
  expect([plan.drift[0]?.kind, plan.refreshed[web.address], plan.allGone]).toEqual(["deleted", null, false]);
});

test("not desired and A exists: deletes it by id", () => {
  const plan = planOf({ prior: { web: state }, live: [live] });
  expect(changesOf(plan)).toEqual(["machine.web delete (delete: not in stack)"]);
  expect(plan.actions).toMatchObject([{ kind: "delete", target: { id: live.id }, name: "web", replacing: false }]);
  expect(plan.actions[0]).toHaveProperty("temporaryName", expect.stringMatching(/^web-orbform-del-[0-9a-f]{4}$/));
});

test("not desired, retained: forgets it and touches no machine", () => {
  const kept = { ...state, lifecycle: { ...DEFAULT_LIFECYCLE, retain: true } };
  const plan = planOf({ prior: { web: kept }, live: [live] });
  expect([changesOf(plan), graphOf(plan)]).toEqual([["machine.web forget (forget: retained)"], ["machine.web:forget"]]);
});

test("not desired and A gone, whoever has the name: forgets it with a note", () => {
  const plan = planOf({ prior: { web: state }, live: [stranger] });
  expect([changesOf(plan), graphOf(plan)]).toEqual([["machine.web forget (forget: gone)"], ["machine.web:forget"]]);
  expect(plan.changes[0]?.notes).toHaveLength(1);
});

test("not in state and the name held: refuses with the exact adopt line", () => {
  const plan = planOf({ desired: [web], live: [stranger] });
  expect([errorsOf(plan), plan.actions, plan.changes]).toEqual([["ORB_NAME_TAKEN machine.web"], [], []]);
  expect(plan.diagnostics[0]?.hint).toContain("orb adopt machine.web web");
});

test("names are compared without case", () => {
  const plan = planOf({ desired: [desiredMachine("web", { name: "Web" })], live: [stranger] });
  expect(errorsOf(plan)).toEqual(["ORB_NAME_TAKEN machine.web"]);
});

test("neither in state nor desired: foreign machines are not in the plan", () => {
  const plan = planOf({ live: [stranger] });
  expect([plan.changes, plan.actions, plan.drift, plan.diagnostics]).toEqual([[], [], [], []]);
});

test("a claim of another state is told with the commands by which either lets go", () => {
  const claim = "It is machine.x of the stack found, in the state /s/found.json.";
  const plan = planOf({ prior: { web: state }, live: [live], liveMore: { claims: { [live.id]: claim } } });
  expect(plan.diagnostics[0]?.hint).toBe(
    "Take it out of one of them. Here: orb state rm machine.web; or there: cd /s && orb state rm machine.x --stack found",
  );
});

test("a claim of another state refuses", () => {
  const plan = planOf({
    prior: { web: state },
    live: [live],
    liveMore: { claims: { [live.id]: "/tmp/other.json has it." } },
  });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_CLAIMED machine.web"], []]);
});

test("a machine in transition refuses for that machine only", () => {
  const db = desiredMachine("db");
  const plan = planOf({ desired: [web, db], prior: { web: state }, live: [{ ...live, state: "provisioning" }] });
  expect([errorsOf(plan), graphOf(plan)]).toEqual([["ORB_MACHINE_IN_TRANSITION machine.web"], ["machine.db:create"]]);
});

test("all of two or more recorded machines gone is said", () => {
  const db = stateOf(desiredMachine("db"), liveMachine("db"));
  expect(planOf({ desired: [web], prior: { web: state, db }, live: [] }).allGone).toBe(true);
});

const pending = {
  action: "create" as const,
  name: "web",
  at: NOW - 60_000,
  timeoutMs: 600_000,
  expected: { distro: "debian", version: "12", arch: "arm64", user: "me" },
  knownIds: [] as string[],
};
const { id: _id, ...unborn } = state;

test("recovery takes the machine of an open intent into state", () => {
  const plan = planOf({ desired: [web], prior: { web: { ...unborn, pending } }, live: [live] });
  expect([errorsOf(plan), changesOf(plan)]).toEqual([[], ["machine.web update"]]);
  expect(plan.changes[0]?.recovered).toBe(true);
  expect(plan.refreshed[web.address]).toMatchObject({ id: live.id, status: "unready" });
  expect(plan.drift).toEqual([]);
});

test.each([
  ["its id was known before", { ...pending, knownIds: [live.id] }, live],
  ["its id is too old", pending, liveMachine("web", { id: machineId(ulid("web", NOW - 200_000)) })],
  ["its image is another", { ...pending, expected: { distro: "ubuntu" } }, live],
  ["its user is another", { ...pending, expected: { user: "you" } }, live],
])("recovery is unclear where %s", (_why, intent, machine) => {
  const plan = planOf({ desired: [web], prior: { web: { ...unborn, pending: intent } }, live: [machine] });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_RECOVERY_UNCLEAR machine.web"], []]);
  expect(plan.diagnostics[0]?.hint).toContain("orb adopt machine.web web");
});

test("an open intent of which nothing is seen is not made again before its time-out", () => {
  const plan = planOf({ desired: [web], prior: { web: { ...unborn, pending } }, live: [] });
  expect([errorsOf(plan), plan.actions, plan.refreshed]).toEqual([["ORB_MACHINE_IN_TRANSITION machine.web"], [], {}]);
});

test("an open intent whose time has passed is made again", () => {
  const past = { ...pending, at: NOW - 700_000 };
  const plan = planOf({ desired: [web], prior: { web: { ...unborn, pending: past } }, live: [] });
  expect([errorsOf(plan), graphOf(plan)]).toEqual([[], ["machine.web:create"]]);
});

test("a machine that appears late is recovered although the stack no longer names it", () => {
  const plan = planOf({ prior: { web: { ...unborn, pending } }, live: [live] });
  expect(changesOf(plan)).toEqual(["machine.web delete (delete: not in stack)"]);
  expect(plan.changes[0]?.recovered).toBe(true);
});

test("a half-deleted machine is shown and finished", () => {
  const name = "web-orbform-del-0a1b";
  const half = { ...state, name, halfDeleted: name };
  const plan = planOf({ prior: { web: half }, live: [{ ...live, name }] });
  expect(changesOf(plan)).toEqual(["machine.web delete (delete: half deleted)"]);
  const wanted = planOf({ desired: [web], prior: { web: half }, live: [{ ...live, name }] });
  expect(graphOf(wanted)).toEqual(["machine.web:create < machine.web:delete", "machine.web:delete"]);
});

test("a moved address keeps its machine", () => {
  const moved = desiredMachine("front", { name: "web", lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [web.address] } });
  const plan = planOf({ desired: [moved], prior: { web: state }, live: [live] });
  expect([changesOf(plan), plan.actions]).toEqual([["machine.front no-op"], []]);
  expect([plan.refreshed[web.address], plan.refreshed[moved.address]]).toMatchObject([null, { id: live.id }]);
});

test("another world is refused", () => {
  const plan = planOf({
    desired: [web],
    prior: { web: state },
    live: [],
    liveMore: { world: { driver: "sim", host: "x" } },
  });
  expect([errorsOf(plan), plan.actions, plan.refreshed]).toEqual([["ORB_OTHER_WORLD"], [], {}]);
});

test("one machine is not adopted at two addresses", () => {
  const options = { adopt: ["a", "b"].map((key) => ({ address: at(key), name: "web" })) };
  const plan = planOf({ desired: [desiredMachine("a"), desiredMachine("b")], live: [live], options });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_ADOPT_REFUSED machine.a", "ORB_ADOPT_REFUSED machine.b"], []]);
});

test("a machine that is recovered at one address is not adopted at another", () => {
  const options = { adopt: [{ address: at("other"), name: "web" }] };
  const prior = { web: { ...unborn, pending } };
  const plan = planOf({ desired: [web, desiredMachine("other")], prior, live: [live], options });
  expect(errorsOf(plan)).toEqual(["ORB_ADOPT_REFUSED machine.other"]);
});

test("an adopted machine whose name is ignored is referred to by the name it has", () => {
  const name = { "~orbform": "ref" as const, address: web.address, property: "name" };
  const plan = planOf({
    desired: [{ ...web, lifecycle: { ...DEFAULT_LIFECYCLE, ignoreChanges: ["name"] } }],
    live: [{ ...live, name: "www" }],
    outputs: { name: { value: name, sensitive: false } },
    options: { adopt: [{ address: web.address, name: "www" }] },
  });
  expect(plan.outputChanges).toMatchObject([{ after: "www" }]);
});
