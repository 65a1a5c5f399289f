import { describe, expect, it } from "vitest";
import { adoptAll } from "../../../src/engine.ts";
import { named } from "../../support/execute-builders.ts";
import { APPLY } from "../../support/applied-fleet.ts";
import { at, desired } from "../../support/execute-builders.ts";
import { engineWorld, stackOf, type EngineWorld, type Fate } from "../../support/engine-world.ts";
import { errorOf } from "../../support/state-builders.ts";

const KEYS = ["a", "b", "c"];
const stack = KEYS.map((key) => desired(key));

async function withMachines(...names: readonly string[]): Promise<EngineWorld> {
  const world = engineWorld();
  for (const name of names) await world.outside({ verb: "create", name: named(name), distro: "ubuntu", settings: {} });
  return world;
}

function adopt(world: EngineWorld, resources = stack, fate: Fate = {}) {
  const { ports, life } = world.live(fate);
  const notices: string[] = [];
  const call = {
    ...APPLY,
    allowReplace: false,
    onPlan: ({ notices: told }: { notices: readonly string[] }) => void notices.push(...told),
  };
  return Promise.race([adoptAll(ports, stackOf(resources), call).then(() => notices), life.death]);
}

const addresses = (world: EngineWorld) => Object.keys(world.snapshot()?.resources ?? {});

describe("adopting all", () => {
  it("takes what exists into state in one write, says how much does not, and touches no machine", async () => {
    const world = await withMachines("a", "B", "stranger");
    const before = await world.machines();
    const notices = await adopt(world);
    expect(notices).toEqual(["Of 1 more in the stack there is no machine of that name: the next apply makes them."]);
    expect(addresses(world)).toEqual(["machine.a", "machine.b"]);
    expect([world.snapshot()?.serial, await world.machines()]).toEqual([1, before]);
  });

  it("says so where nothing is left to adopt, and writes nothing", async () => {
    const world = await withMachines(...KEYS);
    await adopt(world);
    const files = new Map(world.disk.files);
    expect(await adopt(world)).toEqual([
      "Nothing to adopt: every machine of the stack that exists is in its state already.",
    ]);
    expect(world.disk.files).toEqual(files);
  });

  it("takes none where one is refused, and leaves alone a stranger under the name of one that is gone", async () => {
    const world = await withMachines("a", "b");
    const other = desired("b", { origin: { kind: "image", distro: "fedora" } });
    const refused = await errorOf(() => adopt(world, [desired("a"), other]));
    expect(refused).toMatchObject({ code: "ORB_ADOPT_REFUSED", detail: expect.stringContaining("machine.b") });
    expect(world.snapshot()).toBeUndefined();
    await adopt(world, [desired("a")]);
    const id = world.snapshot()?.resources[at("a")];
    await world.outside({ verb: "delete", name: named("a") });
    await world.outside({ verb: "create", name: named("a"), distro: "ubuntu", settings: {} });
    await adopt(world, [desired("a")]);
    expect(world.snapshot()?.resources[at("a")]).toEqual(id);
  });

  it("has taken all once it is done again, wherever its process dies", async () => {
    for (let diesAt = 1; diesAt < 40; diesAt += 1) {
      const world = await withMachines(...KEYS);
      const before = await world.machines();
      await adopt(world, stack, { diesAt });
      await adopt(world);
      expect(addresses(world), `dying at ${diesAt}`).toEqual(KEYS.map((key) => `machine.${key}`));
      expect([await world.machines(), world.journal()]).toEqual([before, undefined]);
      expect((await world.plan(stack)).plan.changes).toEqual([]);
    }
  });
});
