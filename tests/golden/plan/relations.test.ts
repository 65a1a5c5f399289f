import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { MachineFacts } from "../../../src/model/machine.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import type { MachineResource, PendingIntent } from "../../../src/model/snapshot.ts";
import type { PlanOptions } from "../../../src/plan/plan-input.ts";
import { at, cloneOf, desiredMachine, liveMachine, NOW, planOf, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] };

const web = desiredMachine("web");
const live = liveMachine("web");
const old = liveMachine("old");
const db = desiredMachine("db");
const liveDb = liveMachine("db");
const base = desiredMachine("base");
const liveBase = liveMachine("base");
const life = (given: Given<typeof DEFAULT_LIFECYCLE>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const newer = { origin: { kind: "image" as const, distro: "debian", version: "trixie" } };
const existing = (name: string) => ({ origin: { kind: "clone" as const, of: { kind: "existing" as const, name } } });
const STOPPING = { capabilities: { version: "2.1", limits: true, isolation: true, cloneNeedsStop: true } };
const pending: PendingIntent = {
  action: "create",
  name: "web",
  at: NOW - 1000,
  timeoutMs: 60_000,
  expected: { distro: "debian" },
  knownIds: [],
};
const { id: _id, ...unmade } = stateOf(web, live, { status: "unready", pending });
const late = { ...unmade, pending: { ...pending, at: NOW - 61_000 } };
const stranger = liveMachine("web", { image: { ...live.image, distro: "ubuntu" } });
const allowed = { adopt: [at("web")], allowReplace: true };

const announced = (state: MachineResource, machines: readonly MachineFacts[], more: Worlds = {}): Worlds => ({
  desired: [web],
  prior: { web: state },
  live: machines,
  ...more,
});

const adopting = (desired: Given<DesiredMachine>, found: Given<MachineFacts> = {}, options: Given<PlanOptions> = {}): Worlds => ({
  desired: [desiredMachine("web", desired)],
  live: [{ ...live, ...found, settings: { ...live.settings, ...found.settings } }],
  options: { adopt: [at("web")], ...options },
});

const cloning = (clone: Given<DesiredMachine>, source: Given<DesiredMachine> = {}, more: Worlds = {}): Worlds => ({
  desired: [desiredMachine("base", source), cloneOf("web", "base", clone)],
  prior: { base: stateOf(base, liveBase) },
  live: [liveBase],
  ...more,
});

/** A clone by name of a machine that is no part of the plan. */
const excluding = (settings: DesiredMachine["settings"], found: readonly MachineFacts[], more: Worlds = {}): Worlds => ({
  ...more,
  desired: [base, desiredMachine("web", { ...existing("base"), settings })],
  prior: { base: stateOf(base, liveBase) },
  live: found,
  options: { excludes: [at("base")] },
});

const adoptedSource = (source: Given<DesiredMachine>, found: Given<MachineFacts>): Worlds => ({
  desired: [desiredMachine("base", source), cloneOf("web", "base")],
  live: [{ ...liveBase, ...found, settings: liveBase.settings }],
  liveMore: STOPPING,
  options: { adopt: [at("base")] },
});

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  "announced-and-found": announced(unmade, [live]),
  "announced-and-found-to-be-stopped": announced(unmade, [live], { desired: [desiredMachine("web", { power: "stopped" })] }),
  "announced-and-found-no-longer-wanted": announced(unmade, [live], { desired: [] }),
  "announced-and-not-seen-yet": announced(unmade, []),
  "announced-and-on-its-way": announced(unmade, [{ ...live, state: "creating" }]),
  "announced-and-never-seen": announced(late, []),
  "announced-and-never-seen-no-longer-wanted": announced(late, [], { desired: [] }),
  "announced-and-unclear": announced(unmade, [stranger]),
  "announced-and-unclear-no-longer-wanted": announced(unmade, [stranger], { desired: [] }),
  "announced-long-ago-and-unclear-no-longer-wanted": announced(late, [stranger], { desired: [] }),
  "announced-and-unclear-beside-one": announced({ ...late, id: old.id }, [stranger, old]),
  "announced-long-ago-and-unclear-beside-one-no-longer-wanted": announced(
    { ...late, id: old.id },
    [stranger, old],
    { desired: [] },
  ),
  "announced-and-unclear-adopted": announced(unmade, [stranger], { options: allowed }),
  "announced-beside-its-predecessor": announced({ ...late, id: old.id, name: "old" }, [old]),
  "announced-under-the-name-of-its-predecessor": announced({ ...late, id: live.id }, [live]),
  "announced-under-the-name-of-one-to-be-deleted": announced({ ...late, deposed: [{ id: live.id, name: "web" }] }, [live]),
  "announced-just-in-time-and-unclear-no-longer-wanted": announced(
    { ...unmade, pending: { ...pending, at: NOW - 60_000 } },
    [stranger],
    { desired: [] },
  ),
  "announced-and-unclear-beside-one-adopted": announced({ ...late, id: old.id }, [stranger, old], { options: allowed }),
  "announced-where-another-of-ours-has-the-name": announced(late, [live], {
    desired: [web, db],
    prior: { web: late, db: stateOf(db, liveDb, { id: live.id }) },
  }),
  "announced-and-found-for-another-to-adopt": announced(unmade, [live], {
    desired: [web, db],
    options: { adopt: [{ address: at("db"), name: "web" }] },
  }),
  adopted: adopting({ default: true, settings: { cpus: 2 }, labels: { a: "1" } }, { state: "stopped" }),
  "adopted-under-another-name": adopting({ name: "www" }, {}, { adopt: [{ address: at("web"), name: "WEB" }] }),
  "adopted-and-already-default": { ...adopting({ default: true }), liveMore: { default: "web" } },
  "adopted-to-be-stopped": adopting({ power: "stopped" }),
  "adopted-though-not-there": adopting({ name: "nobody" }),
  "adopted-though-builtin": adopting({}, { builtin: true }),
  "adopted-though-in-transition": adopting({}, { state: "starting" }),
  "adopted-though-claimed": { ...adopting({}), liveMore: { claims: { [live.id]: "Another has it." } } },
  "adopted-though-different": adopting({ ...newer, arch: "amd64" }),
  "adopted-and-replaced": adopting({ ...newer, arch: "amd64" }, {}, { allowReplace: true }),
  "adopted-and-replaced-created-first": adopting({ ...newer, ...life({ createBeforeDestroy: true }) }, {}, { allowReplace: true }),
  "adopted-and-replaced-though-prevented": adopting({ ...newer, ...life({ preventDestroy: true }) }, {}, { allowReplace: true }),
  "adopted-beyond-an-older": {
    ...adopting({ settings: { cpus: 2 } }),
    liveMore: { capabilities: { ...STOPPING.capabilities, limits: false } },
  },
  "adopted-one-of-two": {
    ...adopting({}, {}, { adopt: [{ address: at("db"), name: "old" }] }),
    desired: [web, db],
    live: [old],
  },
  "adopted-both-of-two": {
    ...adopting({}, {}, { adopt: [at("web"), { address: at("db"), name: "old" }] }),
    desired: [web, db],
    live: [live, old],
  },
  "not-adopted-in-place-of-one-that-is-there": {
    desired: [desiredMachine("web", { name: "old" })],
    prior: { web: stateOf(web, live) },
    live: [live, old],
    options: { adopt: [{ address: at("web"), name: "old" }] },
  },
  "adopted-though-different-in-many-things": adopting({ ...newer, settings: { cpus: 2 }, name: "www" }, {}, { adopt: [{ address: at("web"), name: "web" }] }),
  "announced-and-found-otherwise": announced({ ...unmade, seen: { ...unmade.seen, power: "stopped" } }, [live]),
  "adopted-by-two": {
    ...adopting({}, {}, { adopt: [at("web"), { address: at("db"), name: "Web" }] }),
    desired: [web, db],
  },
  "adopted-though-another-of-ours": {
    ...adopting({}),
    desired: [web, db],
    prior: { db: stateOf(db, live) },
  },
  "adopted-in-place-of-one": {
    desired: [web, desiredMachine("app", { dependencies: [at("web")] })],
    prior: { web: stateOf(web, old, { name: "web", deposed: [{ id: liveDb.id, name: "db" }] }) },
    live: [live, { ...old, name: "aside" }, liveDb],
    options: { adopt: [at("web")] },
  },
  "adopted-and-is-it-already": {
    desired: [web],
    prior: { web: stateOf(web, live) },
    live: [live],
    options: { adopt: [at("web")] },
  },
  "name-held-by-a-stranger": { desired: [web], live: [live] },
  "name-held-by-a-claimed-stranger": { desired: [web], live: [live], liveMore: { claims: { [live.id]: "It is another's." } } },
  "name-held-by-another-of-ours": {
    desired: [web, db],
    prior: { db: stateOf(db, live) },
    live: [live],
    options: { targets: [at("web")] },
  },
  "name-taken-outside": { desired: [web], prior: { web: stateOf(web, old) }, live: [old, live] },
  "name-taken-outside-after-a-rename": {
    desired: [web],
    prior: { web: stateOf(web, old, { name: "web" }) },
    live: [{ ...old, name: "aside" }, live],
  },
  "name-freed-in-another-case": {
    desired: [desiredMachine("new", { name: "WEB" })],
    prior: { web: stateOf(web, live) },
    live: [live],
  },
  "name-freed-by-a-rename": {
    desired: [desiredMachine("new", { name: "web" }), desiredMachine("web", { name: "www" })],
    prior: { web: stateOf(web, live) },
    live: [live],
  },
  "cloned-from-what-is-made": { desired: [base, cloneOf("web", "base", { settings: { cpus: 2, isolated: true } })] },
  "cloned-from-what-is-made-isolated": {
    desired: [desiredMachine("base", { settings: { isolated: true, cpus: 2 } }), cloneOf("web", "base", { settings: { cpus: 2, forwardSshAgent: true, user: null } })],
  },
  "cloned-from-a-clone": {
    desired: [
      desiredMachine("base", { settings: { cpus: 2, memoryMiB: null } }),
      cloneOf("mid", "base", { settings: { httpPort: 80 } }),
      cloneOf("web", "mid", { settings: { cpus: 2, memoryMiB: 0, httpPort: 80, httpsPort: 0 } }),
    ],
  },
  "cloned-with-what-is-not-known": {
    desired: [base, db, cloneOf("web", "base", { settings: { user: { "~orbform": "ref", address: at("db"), property: "id" } } })],
  },
  "cloned-from-what-is-changed": cloning({ settings: { cpus: 2, memoryMiB: null } }, { settings: { cpus: 2 } }),
  "cloned-and-any": cloning({ power: "any" }),
  "cloned-where-it-must-stop": cloning({}, {}, { liveMore: STOPPING }),
  "cloned-where-it-must-stop-twice": {
    ...cloning({}, {}, { liveMore: STOPPING }),
    desired: [base, cloneOf("web", "base"), cloneOf("xyz", "base", { power: "stopped" })],
  },
  "cloned-where-it-must-stop-and-is-made": { desired: [base, cloneOf("web", "base")], liveMore: STOPPING },
  "cloned-where-it-must-stop-and-is-changed": cloning({}, { name: "ground", settings: { cpus: 2 } }, { liveMore: STOPPING }),
  "cloned-where-it-must-stop-and-ends-stopped": cloning({}, { power: "stopped" }, { liveMore: STOPPING }),
  "cloned-where-it-must-stop-and-is-adopted": {
    desired: [base, cloneOf("web", "base")],
    live: [liveBase],
    liveMore: STOPPING,
    options: { adopt: [at("base")] },
  },
  "cloned-from-what-is-left-out": cloning({}, {}, { options: { targets: [at("web")], excludes: [] } }),
  "cloned-from-what-is-excluded": cloning(existing("base"), {}, {
    desired: [base, desiredMachine("web", existing("base"))],
    options: { excludes: [at("base")] },
    liveMore: STOPPING,
  }),
  "cloned-from-what-is-excluded-with-its-settings": excluding({ cpus: 2 }, [{ ...liveBase, settings: { ...liveBase.settings, cpus: 2 } }]),
  "cloned-from-what-is-excluded-and-gone": excluding({ cpus: 2 }, []),
  "cloned-from-what-is-excluded-and-stopped": excluding({}, [{ ...liveBase, state: "stopped" }], { liveMore: STOPPING }),
  "cloned-from-what-is-adopted-and-stopped": adoptedSource({ power: "stopped" }, {}),
  "cloned-from-what-is-adopted-and-started": adoptedSource({}, { state: "stopped" }),
  "cloned-from-what-is-adopted-and-stays-stopped": adoptedSource({ power: "any" }, { state: "stopped" }),
  "cloned-from-what-is-kept-and-started": cloning({}, {}, { live: [{ ...liveBase, state: "stopped" }], liveMore: STOPPING }),
  "cloned-from-what-is-kept-and-stays-stopped": cloning({}, { power: "any" }, { live: [{ ...liveBase, state: "stopped" }], liveMore: STOPPING }),
  "cloned-from-what-is-adopted": {
    desired: [base, cloneOf("web", "base")],
    live: [liveBase],
    options: { adopt: [at("base")] },
  },
  "cloned-by-name": { desired: [desiredMachine("web", { ...existing("OLD"), settings: { cpus: 2 } })], live: [old] },
  "cloned-by-name-where-it-must-stop": { desired: [desiredMachine("web", existing("old"))], live: [old], liveMore: STOPPING },
  "cloned-by-name-where-it-is-stopped": {
    desired: [desiredMachine("web", existing("old"))],
    live: [{ ...old, state: "stopped" }],
    liveMore: STOPPING,
  },
  "cloned-by-name-from-nobody": { desired: [desiredMachine("web", existing("nobody"))] },
  "cloned-by-name-from-one-of-ours": {
    desired: [base, desiredMachine("web", existing("base"))],
    prior: { base: stateOf(base, liveBase) },
    live: [liveBase],
  },
  "cloned-by-name-from-one-that-leaves": {
    desired: [desiredMachine("web", existing("base"))],
    prior: { base: stateOf(base, liveBase) },
    live: [liveBase],
  },
  "cloned-by-name-from-one-that-is-adopted": {
    desired: [desiredMachine("app", existing("base")), base],
    live: [liveBase],
    options: { adopt: [at("base")] },
  },
  "cloned-from-itself": {
    desired: [desiredMachine("web", { ...existing("web"), arch: "amd64" })],
    prior: { web: stateOf(web, live) },
    live: [live],
  },
  "cloned-from-each-other": { desired: [cloneOf("web", "base"), cloneOf("base", "web"), db] },
  "cloned-of-replaced-created-first": {
    desired: [desiredMachine("base", { ...newer, ...life({ createBeforeDestroy: true }) }), cloneOf("web", "base")],
    prior: { base: stateOf(base, liveBase), web: stateOf(cloneOf("web", "base"), live) },
    live: [liveBase, live],
  },
};

test.each(Object.entries(SCENARIOS))("%s is planned as it was before", async (name, worlds) => {
  await expect(wholePlan(planOf(worlds))).toMatchFileSnapshot(`relations/${name}.txt`);
});
