import { expect, test } from "vitest";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";

const origin = { kind: "restore", path: "/archives/golden.tar.zst", digest: "sha256:1" } as const;
const web = (changes: Partial<DesiredMachine> = {}) => desired("web", { origin, settings: { cpus: 2 }, ...changes });

/** A world with an archive of a machine that is there no more, and a stranger. */
async function withArchive(): Promise<EngineWorld> {
  const world = engineWorld({ latency: 1 });
  await world.outside({ verb: "create", name: named("golden"), distro: "debian", settings: {} });
  await world.outside({ verb: "export", name: named("golden"), path: origin.path });
  await world.outside({ verb: "delete", name: named("golden") });
  await world.outside({ verb: "create", name: named("stranger"), distro: "debian", settings: {} });
  return world;
}

const facts = async (world: EngineWorld) =>
  (await world.machines()).map(({ name, state, image, settings }) => [name, state, image.distro, settings.cpus]);

test("a machine is made from an archive, set as the stack wants, started, and plans empty", async () => {
  const world = await withArchive();
  expect(await world.apply([web()])).toMatchObject({ dead: false });
  expect(await facts(world)).toEqual([
    ["stranger", "running", "debian", 0],
    ["web", "running", "debian", 2],
  ]);
  expect(world.snapshot()?.resources[at("web")]).toMatchObject({ status: "ready", name: "web" });
  expect((await world.plan([web()])).plan.changes).toEqual([]);
});

test("one that shall be stopped ends stopped, and another archive replaces it", async () => {
  const world = await withArchive();
  await world.apply([web({ power: "stopped" })]);
  expect((await facts(world))[1]).toEqual(["web", "stopped", "debian", 2]);
  const [, first] = await world.machines();
  const other = web({ power: "stopped", origin: { ...origin, digest: "sha256:2" } });
  const { plan } = await world.plan([other]);
  expect(plan.changes).toMatchObject([{ action: "replace" }]);
  await world.apply([other]);
  expect((await world.machines()).map(({ id }) => id)).not.toContain(first?.id);
  expect((await world.plan([other])).plan.changes).toEqual([]);
});

test("one whose making died anywhere is finished by the next apply, and made once", async () => {
  for (let diesAt = 1; ; diesAt += 1) {
    const world = await withArchive();
    const { dead } = await world.apply([web({ identity: "fresh" })], { diesAt });
    expect(await world.apply([web({ identity: "fresh" })]), `dying at ${diesAt}`).toMatchObject({ dead: false });
    expect(await facts(world), `dying at ${diesAt}`).toEqual([
      ["stranger", "running", "debian", 0],
      ["web", "running", "debian", 2],
    ]);
    expect([world.born().length, world.freshened.length > 0], `dying at ${diesAt}`).toEqual([3, true]);
    expect((await world.plan([web({ identity: "fresh" })])).plan.changes, `dying at ${diesAt}`).toEqual([]);
    if (!dead) break;
  }
});

test("an archive that is not there fails the action, and nothing stays behind", async () => {
  const world = engineWorld();
  const applied = await world.apply([web()]);
  expect(applied.dead || [...applied.applied.results.values()].map(({ status }) => status)).not.toContain("succeeded");
  expect(await world.machines()).toEqual([]);
});
