import { describe, expect, it } from "vitest";
import { removeResource } from "../../../src/cli/state-edits.ts";
import { editState } from "../../../src/engine.ts";
import { restoreState } from "../../../src/engine-restore.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { errorOf } from "../../support/state-builders.ts";
import { engineWorld, type EngineWorld, type Fate } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";

const known = (world: EngineWorld): Snapshot => {
  const snapshot = world.snapshot();
  if (snapshot === undefined) throw new Error("nothing was applied");
  return snapshot;
};

const claimed = (world: EngineWorld) =>
  world.claims().map((key) => {
    const claim: { readonly address: string } = JSON.parse(world.disk.files.get(`/home/claims/${key}`) ?? "{}");
    return claim.address;
  });

/** Two machines were applied, then one went and another came. */
async function changed() {
  const world = engineWorld();
  await world.apply([desired("a"), desired("b")]);
  const kept = known(world);
  await world.apply([desired("a"), desired("c")]);
  return { world, kept, instead: known(world) };
}

const restore = (world: EngineWorld, asked: Parameters<typeof restoreState>[1], fate: Fate = {}) => {
  const { ports, life } = world.live(fate);
  return Promise.race([restoreState(ports, asked), life.death]);
};

describe("a kept snapshot that is put back", () => {
  it("is a new one: its serial goes on, what is in it is claimed, what is not is let go, no machine is touched", async () => {
    const { world, kept, instead } = await changed();
    const before = await world.machines();
    await restore(world, { kept, instead });
    expect(known(world)).toEqual({ ...kept, serial: instead.serial + 1 });
    expect(claimed(world).toSorted()).toEqual(["machine.a", "machine.b"]);
    expect(await world.machines()).toEqual(before);
  });

  it("has the next plan make again what is gone, and leave alone what was made since", async () => {
    const { world, kept, instead } = await changed();
    await restore(world, { kept, instead });
    const { plan } = await world.plan([desired("a"), desired("b")]);
    expect(plan.changes).toMatchObject([{ address: "machine.b", action: "create", reason: "create: deleted outside" }]);
    expect((await world.machines()).map(({ name }) => name)).toContain("c");
  });

  it("keeps the present world, where the state was moved since", async () => {
    const { world, kept, instead } = await changed();
    const here = { driver: "simulator", host: "another" };
    await editState(world.live().ports, "state rehost", (snapshot) => ({ ...snapshot, world: here }));
    await restore(world, { kept, instead: { ...instead, serial: instead.serial + 1 } });
    expect(known(world).world).toEqual(here);
  });

  it("takes nobody for the machine that was on its way then", async () => {
    const world = engineWorld();
    await world.apply([desired("a")]);
    for (let diesAt = 3; !world.journal()?.includes("intent"); diesAt += 1)
      await world.apply([desired("a"), desired("b")], { diesAt });
    await editState(world.live().ports, "state rm", (snapshot) => snapshot);
    const kept = known(world);
    expect(kept.resources[at("b")]).toMatchObject({ pending: { name: "b" } });
    await editState(world.live().ports, "state rm", (snapshot) => removeResource(snapshot, at("b")));
    await world.outside({ verb: "create", name: named("b"), distro: "alpine", settings: {} });
    await restore(world, { kept, instead: known(world) });
    expect(Object.keys(known(world).resources)).toEqual(["machine.a"]);
    const { plan } = await world.plan([desired("a")]);
    expect(plan.actions).toEqual([]);
  });

  it("is refused where the state changed meanwhile, or where it is of another lineage", async () => {
    const { world, kept, instead } = await changed();
    const other = { ...kept, lineage: "another" };
    expect(await errorOf(() => restore(world, { kept: other, instead }))).toMatchObject({ code: "ORB_STATE_CONFLICT" });
    await editState(world.live().ports, "state rm", (snapshot) => removeResource(snapshot, at("c")));
    const present = known(world);
    expect(await errorOf(() => restore(world, { kept, instead }))).toMatchObject({ code: "ORB_STATE_CONFLICT" });
    expect(known(world)).toEqual(present);
  });

  it("is refused where another state has something of it by now", async () => {
    const { world, kept, instead } = await changed();
    const id = Object.values(kept.resources).find((each) => each.type === "machine" && each.name === "b");
    if (id?.type !== "machine") throw new Error("there was a machine b");
    const theirs = { lineage: "L", stack: "team", address: "machine.x", statePath: "/other/team.json" };
    world.disk.files.set(`/home/claims/${id.id}`, JSON.stringify(theirs));
    world.disk.files.set("/other/team.json", JSON.stringify({ id: id.id }));
    await expect(restore(world, { kept, instead })).rejects.toMatchObject({
      code: "ORB_CLAIMED",
      detail: expect.stringContaining("machine.x of the stack team"),
      hint: "Take it out of that one first: cd /other && orb state rm machine.x --stack team",
    });
    expect(known(world)).toEqual(instead);
  });

  it("is there whole or not at all, wherever its process dies, and the next one puts it back", async () => {
    const ends = new Set<string>();
    for (let diesAt = 1; diesAt < 20; diesAt += 1) {
      const { world, kept, instead } = await changed();
      const ended = await restore(world, { kept, instead }, { diesAt });
      const now = known(world);
      expect([instead, { ...kept, serial: instead.serial + 1 }], `dying at ${diesAt}`).toContainEqual(now);
      ends.add(`${now.serial === instead.serial ? "old" : "new"}${"dead" in ended ? "" : ", alive"}`);
      await restore(world, { kept, instead: now });
      expect(known(world)).toEqual({ ...kept, serial: now.serial + 1 });
      // A claim too many keeps nobody away: the state it names speaks of that machine no more.
      expect(claimed(world), `dying at ${diesAt}`).toEqual(expect.arrayContaining(["machine.a", "machine.b"]));
    }
    expect([...ends].toSorted()).toEqual(["new", "new, alive", "old"]);
  });
});
