/** A kept plan over which a run died, and a world that changed before it is taken up again. */
import { describe, expect, test } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId, type MachineId } from "../../../src/model/machine.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import type { SavedPlan } from "../../../src/plan/saved-plan.ts";
import { at, desired, desiredSetting, inside, named } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { applyKept, keep } from "../../support/kept-plans.ts";

const web = desired("web");
const db = desired("db");
const file = (key: string, content: string) => inside("file", key, { path: `/srv/${key}`, content });

const FORMERLY_DB = { lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("db")] } };
const ADOPTING = { adopt: [at("web")] };

let world: EngineWorld;

interface Story {
  readonly first: readonly DesiredResource[];
  readonly stack: readonly DesiredResource[];
  readonly more?: Parameters<typeof keep>[2];
  /** What somebody does before the plan is made. */
  readonly before?: () => Promise<unknown>;
}

/** Every death of a run over a plan that is kept, and what is done then. */
async function atEachDeath(
  { first, stack, more, before }: Story,
  work: (saved: SavedPlan, diesAt: number) => Promise<void>,
) {
  for (let diesAt = 3, dead = true; dead; diesAt += 1) {
    world = engineWorld();
    if (first.length > 0) await world.apply(first);
    await before?.();
    const saved = await keep(world, stack, more);
    ({ dead } = await applyKept(world, saved, { resources: stack, fate: { diesAt } }));
    if (dead) await work(saved, diesAt);
  }
}

const idOf = async (name: string): Promise<MachineId | undefined> =>
  (await world.machines()).find((each) => each.name === name)?.id;

/** Somebody starts or stops `web`. */
const turned = async (verb: "start" | "stop"): Promise<unknown> =>
  world.outside({ verb, id: (await idOf("web")) ?? machineId("") });

/** Whether a run wrote down that something was done at an address. */
const isDone = (address: string): boolean =>
  (world.journal() ?? "")
    .split("\n")
    .some((line) => line.includes('"outcome"') && line.includes(`"${address}`) && line.includes('"succeeded"'));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  return isOrbformError(error) ? `${error.code} ${error.detail}` : "it was applied";
}

const write = (id: MachineId, path: string, text: string): void =>
  world.guests.change(id, ({ paths }) => {
    paths[path] = { kind: "file", text, mode: 0o644, owner: "root" };
  });

/** Finishes, or had all done and written down before it died. */
async function expectFinishing(saved: SavedPlan, { stack, more }: Story, diesAt: number): Promise<void> {
  const said = await refusal(applyKept(world, saved, { resources: stack }));
  if (said !== "it was applied") expect([diesAt, said]).toEqual([diesAt, expect.stringContaining("wrote serial")]);
  expect([diesAt, said, (await world.plan(stack, more)).plan.actions]).toEqual([diesAt, said, []]);
}

describe("the file finishes the job after each death", () => {
  test("of a run that makes a machine and what is in it", async () => {
    const story = { first: [], stack: [web, file("x", "one\n"), file("y", "two\n")] };
    await atEachDeath(story, (saved, diesAt) => expectFinishing(saved, story, diesAt));
  });

  test("of a run that deletes a machine that left the stack", async () => {
    const story = { first: [web, db, file("x", "one\n")], stack: [db] };
    await atEachDeath(story, (saved, diesAt) => expectFinishing(saved, story, diesAt));
  });

  const stopped = desired("web", { power: "stopped" });
  const first = desired("web", { lifecycle: { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true } });
  const moved = desired("www", { lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("web")] } });
  const files = [file("x", "one\n"), file("y", "two\n")];
  const create = () => world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
  const stop = () => turned("stop");

  test.each<[string, Story, readonly string[]]>([
    ["moves a machine", { first: [web, file("x", "one\n")], stack: [moved] }, ["www"]],
    ["starts a machine for its files", { first: [stopped], stack: [stopped, ...files] }, ["web"]],
    [
      "adopts one and writes into it",
      { first: [db], stack: [db, web, ...files], more: ADOPTING, before: create },
      ["db", "web"],
    ],
    ["starts what somebody stopped", { first: [web], stack: [web, ...files], before: stop }, ["web"]],
    ["replaces one by one made first", { first: [first], stack: [first], more: { replace: [at("web")] } }, ["web"]],
  ])("of a run that %s", async (_, story, names) => {
    await atEachDeath(story, async (saved, diesAt) => {
      await expectFinishing(saved, { ...story, more: {} }, diesAt);
      const there = (await world.machines()).map(({ name }) => name).toSorted();
      expect([diesAt, there]).toEqual([diesAt, names]);
    });
  });

  test("of a plain run that moves a machine", async () => {
    for (let diesAt = 3, dead = true; dead; diesAt += 1) {
      world = engineWorld();
      await world.apply([web]);
      ({ dead } = await world.apply([moved], { diesAt }));
      await world.apply([moved]);
      expect([diesAt, world.born().length, Object.keys(world.snapshot()?.resources ?? {})]).toEqual([
        diesAt,
        1,
        ["machine.www"],
      ]);
    }
  });

  test("of a run that destroys all", async () => {
    const first = [web, db, desiredSetting("memory_mib", 6000)];
    const story = { first, stack: first, more: { mode: "destroy" } } as const;
    await atEachDeath(story, (saved, diesAt) => expectFinishing(saved, story, diesAt));
  });
});

test("the file takes in what changed outside after each death of a run that only does that, inside machines too", async () => {
  const stack = [desiredSetting("memory_mib", 6000), web, file("x", "one\n")];
  const before = async (): Promise<void> => {
    await world.outside({ verb: "set", key: "memory_mib", value: "7000" });
    write((await idOf("web")) ?? machineId(""), "/srv/x", "theirs\n");
  };
  const story = { first: stack, stack, before, more: { mode: "refresh-only" } } as const;
  let tried = 0;
  await atEachDeath(story, async (saved, diesAt) => {
    tried += 1;
    const inside = async () => structuredClone(world.guests.read((await idOf("web")) ?? machineId("")).paths);
    const seen = [await world.machines(), await inside()];
    await expectFinishing(saved, story, diesAt);
    expect((await world.plan(stack, story.more)).plan.drift).toEqual([]);
    expect([await world.machines(), await inside()]).toEqual(seen);
  });
  expect(tried).toBeGreaterThan(0);
});

describe("what was done and somebody changed since is left as they made it", () => {
  test("a machine that was made, and is called otherwise", async () => {
    await atEachDeath({ first: [], stack: [web, db] }, async (saved, diesAt) => {
      const id = await idOf("web");
      if (id === undefined || !isDone("machine.web")) return;
      await world.outside({ verb: "rename", id, to: named("keep-me") });
      const said = await refusal(applyKept(world, saved, { resources: [web, db] }));
      expect([diesAt, said]).toEqual([
        diesAt,
        expect.stringMatching(/machine\.web was changed .*: name "web" then, "keep-me" now/),
      ]);
      expect((await world.machines()).map(({ name }) => name)).toContain("keep-me");
    });
  });

  test("a file that was written", async () => {
    const stack = [web, file("x", "one\n"), file("y", "two\n")];
    await atEachDeath({ first: [], stack }, async (saved, diesAt) => {
      if (!isDone("file.x")) return;
      write((await idOf("web")) ?? machineId(""), "/srv/x", "precious\n");
      const said = await refusal(applyKept(world, saved, { resources: stack }));
      expect([diesAt, said]).toEqual([
        diesAt,
        expect.stringContaining("file.x was changed since a run of this plan ended: content"),
      ]);
    });
  });

  test.each([
    ["that it had set", [desiredSetting("memory_mib", 4096)]],
    ["that it had not", []],
  ])("a global setting %s", async (_, first) => {
    const stack = [desiredSetting("memory_mib", 6000)];
    await atEachDeath({ first, stack }, async (saved, diesAt) => {
      await world.outside({ verb: "set", key: "memory_mib", value: "7777" });
      const said = await refusal(applyKept(world, saved, { resources: stack }));
      expect([diesAt, said]).toEqual([diesAt, expect.stringMatching(/7777/)]);
    });
  });

  test.each<[string, Story, () => Promise<unknown>, string]>([
    [
      "a default machine that is put back",
      { first: [desired("a", { default: true }), db], stack: [desired("a"), desired("db", { default: true })] },
      () => world.outside({ verb: "set-default", name: named("a") }),
      "machine.db:set-default",
    ],
    [
      "a machine that was stopped, and is started",
      { first: [web, db], stack: [desired("web", { power: "stopped" }), db] },
      () => turned("start"),
      "machine.web:stop",
    ],
    [
      "a setting that was reviewed as drift, and is given again",
      {
        first: [desired("web", { settings: { cpus: 2 } })],
        stack: [desired("web", { settings: { cpus: 2 } }), db],
        before: () => world.outside({ verb: "configure", name: named("web"), settings: { cpus: 4 } }),
      },
      () => world.outside({ verb: "configure", name: named("web"), settings: { cpus: 4 } }),
      "machine.web:config",
    ],
    [
      "a machine that was replaced, and is deleted",
      { first: [web, db], stack: [web, db], more: { replace: [at("web")] } },
      () => world.outside({ verb: "delete", name: named("web") }),
      "machine.web:create",
    ],
    [
      "a machine that was stopped while its settings were to come, and is started",
      { first: [web], stack: [desired("web", { power: "stopped", settings: { cpus: 3 } })] },
      () => turned("start"),
      "machine.web:stop",
    ],
    [
      "a machine that was started before it became the default, and is stopped",
      { first: [desired("web", { power: "stopped" }), db], stack: [desired("web", { default: true }), db] },
      () => turned("stop"),
      "machine.web:start",
    ],
    [
      "another default machine than the one that took the place of a deleted one",
      {
        first: [desired("x"), desired("web", { default: true }), db],
        stack: [desired("x"), desired("api", { name: "web", default: true, ...FORMERLY_DB })],
      },
      () => world.outside({ verb: "set-default", name: named("x") }),
      "machine.api:set-default",
    ],
  ])("%s", async (_, story, change, action) => {
    let tried = 0;
    await atEachDeath(story, async (saved, diesAt) => {
      if (!isDone(action)) return;
      tried += 1;
      await change();
      const seen = [await world.machines(), await world.default()];
      const said = await refusal(applyKept(world, saved, { resources: story.stack }));
      expect([diesAt, said]).toEqual([diesAt, expect.stringContaining("ORB_PLAN_STALE")]);
      expect([diesAt, [await world.machines(), await world.default()]]).toEqual([diesAt, seen]);
    });
    expect(tried).toBeGreaterThan(0);
  });

  test("what was not begun, while a machine is waited for", async () => {
    const stack = [web, desired("db", { settings: { cpus: 3 }, dependencies: [at("web")] })];
    let waited = 0;
    await atEachDeath({ first: [db], stack }, async (saved, diesAt) => {
      const onNotice = async (notice: string): Promise<void> => {
        if (!notice.includes("Waiting")) return;
        waited += 1;
        await world.outside({ verb: "configure", name: named("db"), settings: { cpus: 5 } });
      };
      const said = await refusal(
        applyKept(world, saved, { resources: stack, onNotice: (notice) => void onNotice(notice) }),
      );
      const there = (await world.machines()).find(({ name }) => name === "db");
      if (there?.settings.cpus === 5)
        expect([diesAt, said]).toEqual([diesAt, expect.stringContaining("machine.db has another cpus")]);
    });
    expect(waited).toBeGreaterThan(0);
  });
});
