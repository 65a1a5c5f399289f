import { expect, test } from "vitest";
import { markResource, moveResource, removeResource } from "../../../src/cli/state-edits.ts";
import { editState } from "../../../src/engine.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { claimsIn } from "../../../src/state/claims.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, desiredSetting } from "../../support/execute-builders.ts";
import { memoryDisk } from "../../support/memory-disk.ts";

const edit = (world: EngineWorld, change: Parameters<typeof editState>[2]) =>
  editState(world.live().ports, "state", change);

const was = (key: string) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at(key)] } });

function claims(world: EngineWorld): unknown {
  return world.claims().map((key) => {
    const claim: { readonly address: string } = JSON.parse(world.disk.files.get(`/home/claims/${key}`) ?? "{}");
    return claim.address;
  });
}

test("a resource moved by hand is claimed for its new address", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  await edit(world, (snapshot) => moveResource(snapshot, at("web"), at("front")));
  expect(claims(world)).toEqual(["machine.front"]);
});

test("a resource taken out by hand is claimed no more, its machine stays, and another stack may have it", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  await edit(world, (snapshot) => removeResource(snapshot, at("web")));
  expect([claims(world), (await world.machines()).length]).toEqual([[], 1]);
});

test("taking out what is not there is refused, and nothing is written", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  const before = new Map(world.disk.files);
  const taken = edit(world, (snapshot) => removeResource(snapshot, at("db")));
  await expect(taken).rejects.toMatchObject({ code: "ORB_ADDRESS_UNKNOWN" });
  expect(world.disk.files).toEqual(before);
});

test("a global setting is claimed while it is ours, and no longer", async () => {
  const world = engineWorld();
  await world.apply([desiredSetting("memory_mib", 8192)]);
  const during = world.claims();
  await world.apply([]);
  expect([during, world.claims()]).toEqual([["memory_mib"], []]);
});

test("what is rehosted is claimed on the new host", async () => {
  const world = engineWorld();
  await world.apply([desired("web"), desired("db")]);
  for (const key of world.claims()) world.disk.files.delete(`/home/claims/${key}`);
  await edit(world, (snapshot) => ({ ...snapshot, world: { driver: "simulator", host: "another" } }));
  expect(claims(world)).toEqual(expect.arrayContaining(["machine.db", "machine.web"]));
});

test("machines that change places by aliases keep their claims", async () => {
  const world = engineWorld();
  await world.apply([desired("a", { name: "one" }), desired("b", { name: "two" })]);
  await world.apply([desired("c", { name: "one", ...was("a") }), desired("d", { name: "two", ...was("b") })]);
  expect(claims(world)).toEqual(["machine.c", "machine.d"]);
});

/** A run that died when its machine was made and not recorded, and one that is to delete it and dies as well. */
async function madeAndDeleted(diesAt: number): Promise<EngineWorld> {
  for (let first = 1; ; first += 1) {
    const world = engineWorld();
    await world.apply([desired("web")], { diesAt: first });
    if (world.born().length === 0) continue;
    await world.apply([], { diesAt });
    return world;
  }
}

test("a machine that was taken in and deleted by runs that died is claimed no more, wherever the next dies in turn", async () => {
  for (let second = 1; second < 14; second += 1) {
    for (let third = 1; third < 16; third += 1) {
      const world = await madeAndDeleted(second);
      await world.apply([], { diesAt: third });
      await world.apply([]);
      expect([world.claims(), await world.machines()], `dying at ${second} and ${third}`).toEqual([[], []]);
    }
  }
});

test("a copy of a state keeps its claims when the original lets go", async () => {
  const disk = memoryDisk();
  const claim = { lineage: "L", stack: "dev", address: "machine.m" };
  const original = claimsIn({ disk, folder: "/c", statePath: "/a/state.json" });
  const copy = claimsIn({ disk, folder: "/c", statePath: "/b/state.json" });
  await disk.replace("/b/state.json", '{"id": "ID"}', 0o600);
  await copy.write("ID", claim);
  await original.remove("ID", "L");
  expect(disk.files.has("/c/ID")).toBe(true);
  await disk.remove("/b/state.json");
  await original.remove("ID", "L");
  expect(disk.files.has("/c/ID")).toBe(false);
});

test("a running machine that is marked as failed by hand is replaced, though its check passes", async () => {
  const world = engineWorld();
  await world.apply([desired("web")]);
  const [old] = await world.machines();
  await edit(world, (snapshot) => markResource(snapshot, at("web"), "failed"));
  const { plan } = await world.plan([desired("web")]);
  expect(plan.changes).toMatchObject([{ action: "replace", reason: "replace: not ready" }]);
  await world.apply([desired("web")]);
  expect((await world.machines()).map(({ id }) => id)).not.toContain(old?.id);
  expect((await world.plan([desired("web")])).plan.changes).toEqual([]);
});
