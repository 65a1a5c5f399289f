import { expect, test } from "vitest";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";

const stranger = { verb: "create", name: named("web"), settings: {} } as const;

/** A run that dies when its create is announced and nothing has been done. */
async function deadBeforeCreate(
  stack: readonly DesiredMachine[],
  prepare?: (world: EngineWorld) => Promise<void>,
): Promise<EngineWorld> {
  for (let diesAt = 1; ; diesAt += 1) {
    const world = engineWorld();
    await prepare?.(world);
    await world.apply(stack, { diesAt });
    if (world.journal()?.includes('"kind":"intent"')) return world;
  }
}

test("a machine of another image that took the name in the crash is left alone, and can be adopted", async () => {
  const stack = [desired("web")];
  const world = await deadBeforeCreate(stack);
  await world.outside({ ...stranger, distro: "debian" });
  await expect(world.apply(stack)).rejects.toMatchObject({ code: "ORB_RECOVERY_UNCLEAR" });
  expect((await world.machines()).map(({ image }) => image.distro)).toEqual(["debian"]);
  const debian = [desired("web", { origin: { kind: "image", distro: "debian" } })];
  const adopting = { plan: { ...PLAIN_REQUEST, adopt: [at("web")] } };
  expect(await world.apply(debian, {}, adopting)).toMatchObject({ dead: false });
  const [machine] = await world.machines();
  expect(world.snapshot()?.resources[at("web")]).toMatchObject({ id: machine?.id, name: "web" });
  expect(world.snapshot()?.resources[at("web")]).not.toHaveProperty("pending");
  expect((await world.plan(debian)).plan.changes).toEqual([]);
});

test("a machine known before that takes the name in the crash is no recovery", async () => {
  const stack = [desired("web")];
  const world = await deadBeforeCreate(stack, async (fresh) => {
    await fresh.outside({ ...stranger, name: named("ada"), distro: "ubuntu" });
  });
  const [ada] = await world.machines();
  if (ada === undefined) throw new Error("ada was not made");
  await world.outside({ verb: "rename", id: ada.id, to: named("web") });
  await expect(world.apply(stack)).rejects.toMatchObject({ code: "ORB_RECOVERY_UNCLEAR" });
  expect((await world.machines()).map(({ id }) => id)).toEqual([ada.id]);
});

test("a machine that appears late is recovered though the stack no longer names it, and deleted as the stack wants", async () => {
  const world = await deadBeforeCreate([desired("web")]);
  await world.outside({ ...stranger, distro: "ubuntu" });
  expect(await world.apply([])).toMatchObject({ dead: false });
  expect([await world.machines(), world.snapshot()?.resources]).toEqual([[], {}]);
});

test("a creation of which nothing is ever seen is made anew once its time is over", async () => {
  const stack = [desired("web")];
  const world = await deadBeforeCreate(stack);
  const begun = world.clock.now();
  expect(await world.apply(stack)).toMatchObject({ dead: false });
  expect(world.born().length).toBe(1);
  expect(world.clock.now() - begun).toBeGreaterThan(60_000);
});

test("a clone that is to have its own identity gets it at its first start, however late that is", async () => {
  const origin = { kind: "clone", of: { kind: "address", address: at("base") } } as const;
  const copy = desired("copy", { origin, dependencies: [at("base")], identity: "fresh", power: "stopped" });
  const world = engineWorld();
  await world.apply([desired("base"), copy]);
  expect(world.freshened).toEqual([]);
  await world.apply([desired("base"), { ...copy, power: "running" }]);
  const machine = (await world.machines()).find(({ name }) => name === "copy");
  expect(world.freshened).toEqual([machine?.id]);
  expect((await world.plan([desired("base"), { ...copy, power: "running" }])).plan.changes).toEqual([]);
});

test("of a replacement made first that never gets ready, the old one stays", async () => {
  const lifecycle = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
  const world = engineWorld({ faults: "create-missing-ip:web-orbform-tmp-*" });
  await world.apply([desired("web", { lifecycle })]);
  const [old] = await world.machines();
  const debian = desired("web", { lifecycle, origin: { kind: "image", distro: "debian" } });
  const failed = await world.apply([debian]);
  expect(failed.dead || [...failed.applied.results.values()].map(({ status }) => status)).not.toContain("succeeded");
  expect((await world.machines()).map(({ id, name }) => [id, name])).toEqual([[old?.id, "web"]]);
  expect(world.snapshot()?.resources[at("web")]).toMatchObject({ id: old?.id });
});

test("a machine whose making was interrupted, and which is to be stopped now, is not waited for ever after", async () => {
  const clone = { kind: "clone", of: { kind: "address", address: at("base") } } as const;
  const wanted = (power: "running" | "stopped") => [
    desired("base", { power: "stopped" }),
    desired("copy", { origin: clone, dependencies: [at("base")], power }),
  ];
  for (let diesAt = 1; ; diesAt += 1) {
    const world = engineWorld();
    const { dead } = await world.apply(wanted("running"), { diesAt });
    await world.apply(wanted("stopped"));
    const states = Object.values(world.snapshot()?.resources ?? {});
    expect(states.map((each) => each.type === "machine" && each.status)).toEqual(["ready", "ready"]);
    if (!dead) return;
  }
});

test("what a dead run left lying about is swept, though those who take over die of it in turn", async () => {
  const stack = [desired("web", { cloudInit: { text: "#cloud-config\n" } })];
  const passing = (world: EngineWorld) => [...world.disk.files.keys()].filter((path) => path.includes(".scratch/"));
  const dead = async (diesAt: number): Promise<EngineWorld> => {
    for (let first = 1; ; first += 1) {
      const world = engineWorld();
      await world.apply(stack, { diesAt: first });
      if (passing(world).length === 0) continue;
      await world.apply(stack, { diesAt });
      return world;
    }
  };
  for (let diesAt = 1; diesAt < 40; diesAt += 1) {
    const world = await dead(diesAt);
    await world.apply(stack);
    expect(passing(world), `dying at ${diesAt}`).toEqual([]);
  }
});
