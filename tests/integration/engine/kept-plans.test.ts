/** Plans that are made before and applied after: exactly what was approved, or nothing. */
import { beforeEach, describe, expect, test } from "vitest";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { DesiredInside, DesiredMachine, DesiredResource } from "../../../src/model/resource.ts";
import type { SavedPlan } from "../../../src/plan/saved-plan.ts";
import { at, desired, desiredSetting, inside, named } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { applyKept, keep } from "../../support/kept-plans.ts";

const base = desired("base", { power: "stopped" });
const web = desired("web", { settings: { cpus: 2 } });
const db = desired("db");
const clone = (key: string, more: Partial<DesiredMachine> = {}) =>
  desired(key, {
    origin: { kind: "clone", of: { kind: "address", address: at("base") } },
    dependencies: [at("base")],
    ...more,
  });
const file = (content: string): DesiredInside => inside("file", "x", { path: "/srv/x", content });

let world: EngineWorld;

beforeEach(() => {
  world = engineWorld();
});

async function idOf(name: string) {
  const machine = (await world.machines()).find((each) => each.name === name);
  if (machine === undefined) throw new Error(`there is no ${name}`);
  return machine.id;
}

/** How every action ended. */
async function ends(saved: SavedPlan, resources: readonly DesiredResource[]) {
  const ended = await applyKept(world, saved, { resources });
  return ended.dead ? [] : [...ended.applied.results].map(([id, { status }]) => `${id} ${status}`);
}

function allSucceeded({ plan }: SavedPlan): readonly string[] {
  return plan.actions.map(({ id }) => `${id} succeeded`).toSorted();
}

/** What keeps a kept plan from being applied, line by line; nothing has changed then. */
async function differences(saved: SavedPlan, resources: readonly DesiredResource[] = []): Promise<readonly string[]> {
  const before = [await world.machines(), world.snapshot()];
  const error: unknown = await applyKept(world, saved, { resources }).catch((thrown: unknown) => thrown);
  expect([await world.machines(), world.snapshot()]).toEqual(before);
  if (!isOrbformError(error)) throw new Error("it was applied");
  expect([error.code, error.oclif.exit]).toEqual(["ORB_PLAN_STALE", 5]);
  return error.detail.split("\n").flatMap((line) => /^ {2}- (.*)$/.exec(line)?.[1] ?? []);
}

test("is carried out as it stands, from the first machine on", async () => {
  const saved = await keep(world, [base, clone("web"), file("one\n")]);
  expect((await ends(saved, [])).toSorted()).toEqual(allSucceeded(saved));
  expect((await world.plan([base, clone("web"), file("one\n")])).plan.changes).toEqual([]);
});

describe("where something else has changed meanwhile", () => {
  const next = [desired("web", { settings: { cpus: 3 } }), db];

  beforeEach(async () => void (await world.apply([web, db])));

  const cases: { readonly [what: string]: () => Promise<unknown> } = {
    "a machine that the plan leaves alone was renamed": async () =>
      world.outside({ verb: "rename", id: await idOf("db"), to: named("other") }),
    "a machine that the plan leaves alone is gone": () => world.outside({ verb: "delete", name: named("db") }),
    "somebody made a machine": () =>
      world.outside({ verb: "create", name: named("mine"), distro: "alpine", settings: {} }),
    "another run changed another resource": () =>
      world.apply(
        [web, desired("db", { settings: { cpus: 1 } })],
        {},
        { plan: { ...PLAIN_REQUEST, targets: [db.address] } },
      ),
  };

  test.each(Object.entries(cases))("it is carried out all the same: %s", async (_, change) => {
    const saved = await keep(world, next);
    await change();
    const after = world.snapshot()?.resources[at("db")];
    expect(await ends(saved, [])).toEqual(["machine.web:config succeeded", "machine.web:restart succeeded"]);
    expect(world.snapshot()?.resources[at("db")]).toEqual(after);
    expect((await world.machines()).find(({ name }) => name === "web")?.settings.cpus).toBe(3);
  });
});

describe("where what it touches has changed meanwhile", () => {
  const next = desired("web", { settings: { cpus: 3 } });

  beforeEach(async () => void (await world.apply([web, db])));

  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    [
      "renamed",
      async () => world.outside({ verb: "rename", id: await idOf("web"), to: named("www") }),
      ['machine.web was renamed from "web" to "www"'],
    ],
    [
      "stopped",
      async () => world.outside({ verb: "stop", id: await idOf("web") }),
      ["machine.web was running and is stopped"],
    ],
    [
      "configured",
      () => world.outside({ verb: "configure", name: named("web"), settings: { cpus: 1, memoryMiB: 512 } }),
      ["machine.web has another cpus: 2 then, 1 now", "machine.web has another memory: 0 then, 512 now"],
    ],
    [
      "deleted",
      () => world.outside({ verb: "delete", name: named("web") }),
      ['machine.web was deleted outside: its machine "web" is gone'],
    ],
    [
      "made anew",
      async () => {
        await world.outside({ verb: "delete", name: named("web") });
        await world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
      },
      ['machine.web was re-created outside: its machine "web" is gone, and another one has its name'],
    ],
    [
      "changed by another run",
      () => world.apply([desired("web", { settings: { cpus: 2 }, labels: { a: "b" } }), db]),
      ["machine.web was changed by another run"],
    ],
  ])("nothing is done: %s", async (_, change, told) => {
    const saved = await keep(world, [next, db]);
    await change();
    expect(await differences(saved)).toEqual(told);
  });

  test("nothing is done where the restart it asks for has happened, if the machine says so", async () => {
    const saved = await keep(world, [next, db]);
    await world.outside({ verb: "restart", id: await idOf("web") });
    expect(await differences(saved)).toEqual(["machine.web was restarted"]);
  });

  test("what ignoreChanges names may change", async () => {
    const lifecycle = { ...web.lifecycle, ignoreChanges: ["memory", "name"] };
    const saved = await keep(world, [{ ...next, lifecycle }, db]);
    await world.outside({ verb: "configure", name: named("web"), settings: { memoryMiB: 512 } });
    await world.outside({ verb: "rename", id: await idOf("web"), to: named("www") });
    expect(await ends(saved, [])).toEqual(["machine.web:config succeeded", "machine.web:restart succeeded"]);
  });
});

describe("what a plan reads or is about to take", () => {
  test("a name that somebody took", async () => {
    const saved = await keep(world, [web]);
    await world.outside({ verb: "create", name: named("web"), distro: "alpine", settings: {} });
    expect(await differences(saved)).toEqual(['name "web" is taken by another machine now']);
  });

  test("a clone's source", async () => {
    await world.apply([base]);
    const saved = await keep(world, [base, clone("web")]);
    await world.outside({ verb: "configure", name: named("base"), settings: { cpus: 7 } });
    expect(await differences(saved)).toEqual(["machine.base has another cpus: 0 then, 7 now"]);
  });

  test("the default machine", async () => {
    await world.apply([web, db]);
    const saved = await keep(world, [desired("web", { settings: { cpus: 2 }, default: true }), db]);
    await world.outside({ verb: "set-default", name: named("db") });
    expect(await differences(saved)).toEqual(["default machine was none and is another now"]);
  });

  test("a global setting", async () => {
    const saved = await keep(world, [desiredSetting("memory_mib", 4096)]);
    await world.outside({ verb: "set", key: "memory_mib", value: "1024" });
    expect(await differences(saved)).toEqual([
      expect.stringMatching(/^setting memory_mib is another: "\d+" then, "1024" now$/),
    ]);
  });

  test("an archive that a machine is made from, before the old one is deleted", async () => {
    const restored = (digest: string) => desired("web", { origin: { kind: "restore", path: "/a.tar", digest } });
    const saved = await keep(world, [restored("sha256:one")]);
    expect(await differences(saved, [restored("sha256:two")])).toEqual(["machine.web is of another archive now"]);
  });

  test("what a secret refers to, although it stands in no plan", async () => {
    await world.apply([web, db]);
    const content = {
      "~orbform": "concat",
      parts: ["of ", { "~orbform": "ref", address: at("db"), property: "name" }],
    } as const;
    const secret = inside("file", "x", { path: "/srv/x", content }, { sensitive: true, dependencies: [at("db")] });
    const saved = await keep(world, [web, db, secret]);
    await world.outside({ verb: "rename", id: await idOf("db"), to: named("other") });
    expect(await differences(saved, [web, db, secret])).toEqual(['machine "db" was renamed from "db" to "other"']);
  });

  test("a secret that the stack says otherwise by now, before anything else is done", async () => {
    const secret = (content: string) => inside("file", "x", { path: "/srv/x", content }, { sensitive: true });
    const saved = await keep(world, [web, secret("one")]);
    expect(await differences(saved, [web, secret("two")])).toEqual(["file.x is to hold something else now"]);
    expect(await differences(saved, [web])).toEqual(["file.x is not in the stack any more"]);
  });

  test("another default matters to nobody who ignores it", async () => {
    await world.apply([desired("web", { default: true }), db]);
    const lifecycle = { ...web.lifecycle, ignoreChanges: ["default"] };
    const saved = await keep(world, [desired("web", { default: true, settings: { cpus: 3 }, lifecycle }), db]);
    await world.outside({ verb: "set-default", name: named("db") });
    expect(await ends(saved, [])).toEqual(["machine.web:config succeeded", "machine.web:restart succeeded"]);
  });

  test("a state that another run began meanwhile", async () => {
    const saved = await keep(world, [web]);
    const other = { ...saved, plan: { ...saved.plan, lineage: "cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee" } };
    await world.apply([db]);
    expect(await differences(other)).toEqual(["state is another one, or was begun by another run meanwhile"]);
  });

  test("a file inside, and a secret one is not told", async () => {
    const secret = inside("file", "x", { path: "/srv/x", content: "old secret\n" }, { sensitive: true });
    await world.apply([web, secret]);
    const next = inside("file", "x", { path: "/srv/x", content: "new secret\n" }, { sensitive: true });
    const saved = await keep(world, [web, next]);
    expect(JSON.stringify(saved)).not.toMatch(/old secret|new secret/);
    world.guests.change(machineId(await idOf("web")), ({ paths }) => {
      paths["/srv/x"] = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" };
    });
    expect(await differences(saved, [web, next])).toEqual(["file.x was changed inside its machine: digest, size"]);
  });
});

test("a secret that hangs on what is not known yet is compared as the stack words it", async () => {
  await world.apply([web]);
  const secret = (word: string): DesiredInside => {
    const parts = [word, { "~orbform": "ref", address: at("db"), property: "ip4" }] as const;
    const properties = { path: "/srv/x", content: { "~orbform": "concat", parts } } as const;
    return inside("file", "x", properties, { sensitive: true, dependencies: [at("db")] });
  };
  const saved = await keep(world, [web, db, secret("approved ")]);
  expect(JSON.stringify(saved)).not.toContain("approved ");
  expect(await differences(saved, [web, db, secret("another ")])).toEqual(["file.x is to hold something else now"]);
});

test("a machine that did not say its boot when the plan was made, and does now, may have been restarted", async () => {
  await world.apply([web]);
  const stack = [desired("web", { settings: { cpus: 3 } })];
  const { facts, ...saved } = await keep(world, stack);
  const machines = Object.entries(facts.machines).map(([id, seen]) => {
    const { boot: _boot, ...rest } = seen ?? { settings: {} };
    return [id, rest] as const;
  });
  const silent = { ...saved, facts: { ...facts, machines: Object.fromEntries(machines) } };
  expect((await differences(silent, stack)).join()).toContain("may have been restarted");
});

test("a very long content stands in no plan, and is taken from the stack, which must say the same", async () => {
  const long = "0123456789abcdef".repeat(70_000);
  await world.apply([web]);
  const saved = await keep(world, [web, file(long)]);
  expect(JSON.stringify(saved).length).toBeLessThan(100_000);
  expect(await differences(saved, [web, file(`${long}!`)])).toEqual(["file.x is to hold something else now"]);
  expect(await ends(saved, [web, file(long)])).toEqual(["file.x:write succeeded"]);
  expect((await world.plan([web, file(long)])).plan.actions).toEqual([]);
});

describe("whatever a plan was asked for", () => {
  const PLANS: readonly [string, readonly DesiredResource[], Partial<typeof PLAIN_REQUEST>][] = [
    ["destroy", [], { mode: "destroy" }],
    ["a target", [desired("web", { settings: { cpus: 3 } }), db], { targets: [at("web")] }],
    ["an exclusion", [desired("web", { settings: { cpus: 3 } })], { excludes: [at("db")] }],
    ["a replacement", [web, db, file("one\n")], { replace: [at("web")] }],
    ["everything at once", [desired("web", { name: "db" }), desired("db", { name: "web" }), clone("new"), base], {}],
  ];

  test.each(PLANS)("it is carried out: %s", async (_, resources, more) => {
    await world.apply([web, db, file("one\n")]);
    const saved = await keep(world, resources, more);
    const told = await ends(saved, resources);
    expect(told.toSorted()).toEqual(allSucceeded(saved));
    expect(told.length).toBeGreaterThan(0);
    const again = await world.plan(resources, { ...more, replace: [] });
    expect(again.plan.actions).toEqual([]);
  });

  test("drift is taken in, as it was when it was looked at", async () => {
    await world.apply([web]);
    await world.outside({ verb: "stop", id: await idOf("web") });
    const saved = await keep(world, [web], { mode: "refresh-only" });
    expect(await ends(saved, [])).toEqual([]);
    expect(world.snapshot()?.resources[at("web")]).toMatchObject({ seen: { power: "stopped" } });
    const late = await keep(world, [web], { mode: "refresh-only" });
    expect(await ends(late, [])).toEqual([]);
  });

  test("drift that has changed once more is refused", async () => {
    await world.apply([web]);
    await world.outside({ verb: "stop", id: await idOf("web") });
    const saved = await keep(world, [web], { mode: "refresh-only" });
    await world.outside({ verb: "start", id: await idOf("web") });
    expect(await differences(saved)).toEqual(["machine.web was stopped and is running"]);
  });
});
