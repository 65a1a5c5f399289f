import { describe, expect, it, test } from "vitest";
import type { Driver, Operation } from "../../../src/driver/driver.ts";
import { applyStack } from "../../../src/engine.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId, type MachineFacts } from "../../../src/model/machine.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { APPLY } from "../../support/applied-fleet.ts";
import { engineWorld, stackOf, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";

const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const debian = { kind: "image", distro: "debian" } as const;

const BEFORE = [
  desired("gone"),
  desired("name"),
  desired("limit"),
  desired("still"),
  desired("anew"),
  desired("first", { lifecycle: first }),
  desired("base"),
];
const AFTER: readonly DesiredMachine[] = [
  desired("name", { name: "title" }),
  desired("limit", { settings: { cpus: 3 } }),
  desired("still", { power: "stopped" }),
  desired("anew", { origin: debian }),
  desired("first", { origin: debian, lifecycle: first }),
  desired("base"),
  desired("c", { origin: { kind: "clone", of: { kind: "address", address: at("base") } }, dependencies: [at("base")] }),
];

async function find(world: EngineWorld, name: string): Promise<MachineFacts | undefined> {
  return (await world.machines()).find((machine) => machine.name === name);
}

/** What somebody does to a machine of the stack, by its name. */
const MOVES: Readonly<
  Record<string, (world: EngineWorld, machine: MachineFacts) => Promise<MachineFacts | undefined>>
> = {
  renamed: async (world, { id }) => {
    await world.outside({ verb: "rename", id, to: named("kept-by-ada") });
    return undefined;
  },
  deleted: async (world, { name }) => {
    await world.outside({ verb: "delete", name: named(name) });
    return undefined;
  },
  "re-created": async (world, { name }) => {
    await world.outside({ verb: "delete", name: named(name) });
    return await made(world, name);
  },
  "put aside for a stranger": async (world, { id, name }) => {
    await world.outside({ verb: "rename", id, to: named("kept-by-ada") });
    return await made(world, name);
  },
};

/** A stranger of another make than any of the stack's. */
async function made(world: EngineWorld, name: string): Promise<MachineFacts | undefined> {
  await world.outside({ verb: "create", name: named(name), distro: "fedora", settings: {} });
  return await find(world, name);
}

interface Moved {
  readonly world: EngineWorld;
  /** Who stands in a machine's place now. */
  readonly strangers: readonly MachineFacts[];
}

/** Applies, while at the nth operation somebody moves one machine. */
async function movedAt(nth: number, victim: string, how: string): Promise<Moved | undefined> {
  const world = engineWorld();
  await world.apply(BEFORE);
  const target = await find(world, victim);
  let operations = 0;
  let strangers: readonly MachineFacts[] | undefined;
  const before = async (operation: Operation): Promise<void> => {
    operations += 1;
    // Settings are set by name: between the last look and this call nothing can help.
    if (operation.verb === "configure" && operation.name === victim) return;
    const now = (await world.machines()).find(({ id }) => id === target?.id);
    // A name for the way is nobody else's to take.
    if (operations !== nth || now === undefined || now.name.includes("-orbform-")) return;
    const stranger = await MOVES[how]?.(world, now);
    strangers = stranger ? [stranger] : [];
  };
  await world.apply(AFTER, { before });
  return strangers && { world, strangers };
}

async function expectUntouched({ world, strangers }: Moved, what: string): Promise<void> {
  const after = await world.machines();
  for (const stranger of strangers)
    expect(
      after.find(({ id }) => id === stranger.id),
      what,
    ).toEqual(stranger);
  const recorded = Object.values(world.snapshot()?.resources ?? {}).flatMap((each) =>
    each.type === "machine" ? [each.id, ...(each.deposed ?? []).map(({ id }) => id)] : [],
  );
  const known = new Set([...recorded, ...strangers.map(({ id }) => id)]);
  const unknown = after.filter(({ id }) => !known.has(id));
  expect(unknown, what).toEqual([]);
}

describe("a machine that somebody moves while a plan is carried out", () => {
  const victims = BEFORE.map(({ name }) => name);
  it.each(Object.keys(MOVES))(
    "%s: is not acted on by its name, and no stranger is touched",
    async (how) => {
      for (const victim of victims) {
        for (let nth = 1; nth < 22; nth += 1) {
          const moved = await movedAt(nth, victim, how);
          if (moved) await expectUntouched(moved, `${victim} ${how} at operation ${nth}`);
        }
      }
    },
    60_000,
  );
});

test("a default that somebody set a moment ago is not cleared", async () => {
  const world = engineWorld();
  await world.outside({ verb: "create", name: named("mine"), distro: "fedora", settings: {} });
  await world.apply([desired("a", { default: true })]);
  let done = false;
  const before = async ({ verb }: { readonly verb: string }): Promise<void> => {
    if (done || verb === "set-default") return;
    done = true;
    await world.outside({ verb: "set-default", name: named("mine") });
  };
  await world.apply([desired("a", { settings: { cpus: 2 } })], { before });
  expect([done, await world.default()]).toEqual([true, "mine"]);
});

test("a rename does not take back a default that the stack ignores", async () => {
  const world = engineWorld({ faults: "rename-drops-default" });
  const lifecycle = { ...DEFAULT_LIFECYCLE, ignoreChanges: ["default"] };
  await world.outside({ verb: "create", name: named("mine"), distro: "fedora", settings: {} });
  await world.apply([desired("a", { default: true })]);
  await world.apply([desired("a", { default: true, lifecycle, name: "b" })]);
  expect(await world.default()).toBe("b");
  await world.outside({ verb: "set-default", name: named("mine") });
  await world.apply([desired("a", { default: true, lifecycle, name: "c" })]);
  expect(await world.default()).toBe("mine");
});

/** A driver that has something happen after each create. */
function after(driver: Driver, create: () => Promise<void>): Driver {
  return {
    ...driver,
    perform: async (operation, options) => {
      await driver.perform(operation, options);
      if (operation.verb === "create") await create();
    },
  };
}

test("a stranger that takes the name just after create returned is not taken for ours", async () => {
  const world = engineWorld();
  const { ports } = world.live();
  const found = async (name: string) =>
    (await world.machines()).find((each) => each.name === name)?.id ?? machineId("");
  const driver = after(ports.driver, async () => {
    await world.outside({ verb: "create", name: named("mine"), distro: "fedora", settings: {} });
    await world.outside({ verb: "rename", id: await found("web"), to: named("elsewhere") });
    await world.outside({ verb: "rename", id: await found("mine"), to: named("web") });
  });
  await applyStack({ ...ports, driver }, stackOf([desired("web")]), APPLY);
  const fedora = (await world.machines()).find(({ image }) => image.distro === "fedora");
  expect(JSON.stringify(world.snapshot()?.resources)).not.toContain(`"id":"${fedora?.id}"`);
  await world.apply([]).catch(() => undefined);
  expect((await world.machines()).map(({ image }) => image.distro)).toContain("fedora");
});

test("a stranger that takes the name for the way just before the delete is not deleted", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  const { ports } = world.live();
  let stranger: MachineFacts | undefined;
  const perform: Driver["perform"] = async (operation, options) => {
    await ports.driver.perform(operation, options);
    if (operation.verb !== "rename" || stranger) return;
    await world.outside({ verb: "rename", id: operation.id, to: named("kept-by-ada") });
    stranger = await made(world, operation.to);
  };
  const { results } = await applyStack({ ...ports, driver: { ...ports.driver, perform } }, stackOf([]), APPLY);
  const [ended] = results.values();
  expect(new Set((await world.machines()).map(({ name }) => name))).toEqual(new Set(["kept-by-ada", stranger?.name]));
  expect(await find(world, stranger?.name ?? "")).toEqual(stranger);
  expect(ended).toMatchObject({
    problem: { code: "ORB_ACTION_FAILED", summary: "The machine to delete can't be told" },
  });
  expect(Object.keys(world.snapshot()?.resources ?? {})).toEqual(["machine.web"]);
});

test("a machine known before that takes the name just after create returned is not taken for ours", async () => {
  const world = engineWorld();
  // Of the very image that is asked for: only that it was known tells it apart.
  await world.outside({ verb: "create", name: named("mine"), distro: "ubuntu", settings: {} });
  const mine = await find(world, "mine");
  const { ports } = world.live();
  const driver = after(ports.driver, async () => {
    await world.outside({
      verb: "rename",
      id: (await find(world, "web"))?.id ?? machineId(""),
      to: named("elsewhere"),
    });
    await world.outside({ verb: "rename", id: mine?.id ?? machineId(""), to: named("web") });
  });
  const { results } = await applyStack({ ...ports, driver }, stackOf([desired("web")]), APPLY);
  const [ended] = results.values();
  expect(ended).toMatchObject({ problem: { code: "ORB_RECOVERY_UNCLEAR" } });
  expect(JSON.stringify(world.snapshot()?.resources)).not.toContain(`"id":"${mine?.id}"`);
  expect((await find(world, "web"))?.id).toBe(mine?.id);
});

test("a machine that one answer does not know is not believed to be deleted", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  const { ports } = world.live();
  let asked = 0;
  const inspect: Driver["inspect"] = async (...which) => {
    asked += 1;
    return asked === 1 ? undefined : await ports.driver.inspect(...which);
  };
  await applyStack({ ...ports, driver: { ...ports.driver, inspect } }, stackOf([]), APPLY);
  const recorded = Object.keys(world.snapshot()?.resources ?? {});
  expect([await world.machines(), recorded]).toEqual([[], []]);
});
