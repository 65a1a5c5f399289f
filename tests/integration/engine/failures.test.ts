import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { engineWorld, type Ended, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired } from "../../support/execute-builders.ts";

function endings(ended: Ended): unknown {
  if (ended.dead) return "dead";
  return Object.fromEntries([...ended.applied.results].map(([id, { status }]) => [id, status]));
}

function recorded(world: EngineWorld): readonly string[] {
  return Object.keys(world.snapshot()?.resources ?? {});
}

async function expectConverging(world: EngineWorld, stack: readonly DesiredMachine[]): Promise<void> {
  expect(Object.values(endings(await world.apply(stack)) ?? {}).every((each) => each === "succeeded")).toBe(true);
  expect((await world.machines()).map(({ name }) => name)).toEqual(stack.map(({ name }) => name).toSorted());
  expect((await world.plan(stack)).plan.changes).toEqual([]);
}

const fedora = { kind: "image", distro: "fedora" } as const;
const named = (name: string) => desired(name);

test("an image that is not found fails its machine and what needs it; the rest is made and in state", async () => {
  const world = engineWorld({ faults: "image-not-found:fedora" });
  const bad = desired("bad", { origin: fedora });
  const needs = desired("needs", { dependencies: [at("bad")] });
  const ended = await world.apply([desired("a"), bad, desired("c"), desired("d"), needs]);
  expect(endings(ended)).toEqual({
    "machine.a:create": "succeeded",
    "machine.bad:create": "failed",
    "machine.c:create": "succeeded",
    "machine.d:create": "succeeded",
    "machine.needs:create": "skipped",
  });
  expect(recorded(world)).toEqual(["machine.a", "machine.c", "machine.d"]);
  await expectConverging(world, [desired("a"), desired("bad"), desired("c"), desired("d"), needs]);
});

test("with fail-fast the first failure begins nothing more", async () => {
  const world = engineWorld({ faults: "image-not-found:fedora" });
  const stack = [desired("bad", { origin: fedora }), ...["m1", "m2", "m3", "m4"].map(named)];
  const ended = await world.apply(stack, {}, { failFast: true });
  expect(Object.values(endings(ended) ?? {})).toContain("skipped");
  expect(recorded(world).length).toBe((await world.machines()).length);
});

test("addresses that run out fail the machine, which is made at once when there are some again", async () => {
  const world = engineWorld({ latency: 1 });
  await world.sim("sim", "fault", "set", "create-missing-ip:web");
  const stack = [desired("db"), desired("web")];
  expect(endings(await world.apply(stack))).toEqual({
    "machine.db:create": "succeeded",
    "machine.web:create": "failed",
  });
  expect(recorded(world)).toEqual(["machine.db"]);
  await world.sim("sim", "fault", "clear");
  const begun = world.clock.now();
  await expectConverging(world, stack);
  expect(world.clock.now() - begun).toBeLessThan(60_000);
});

test("a create whose client never returns is done when its machine runs", async () => {
  const world = engineWorld({ latency: 1, faults: "create-hang:web" });
  expect(endings(await world.apply([desired("web")]))).toEqual({ "machine.web:create": "succeeded" });
  expect(world.born().length).toBe(1);
});

test.each(["list-fail=2", "any-fail=2", "service-starting"])(
  "%s in the middle of an apply loses nothing",
  async (fault) => {
    for (const nth of [1, 2, 3]) {
      const world = engineWorld();
      const lifecycle = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
      await world.apply([desired("old"), desired("web", { lifecycle })]);
      let operations = 0;
      const before = async (): Promise<void> => {
        operations += 1;
        if (operations === nth) await world.sim("sim", "fault", "set", fault);
      };
      const next = [desired("new"), desired("web", { lifecycle, origin: fedora })];
      await world.apply(next, { before });
      await world.sim("sim", "fault", "clear");
      await expectConverging(world, next);
      expect(world.born().length).toBe(4);
    }
  },
);

test("a service that stops in the middle loses nothing", async () => {
  const world = engineWorld();
  let operations = 0;
  const before = async (): Promise<void> => {
    operations += 1;
    if (operations === 2) await world.sim("sim", "fault", "set", "service-stopped");
  };
  const stack = [desired("a"), desired("b"), desired("c")];
  await world.apply(stack, { before });
  await world.sim("sim", "fault", "clear");
  await world.sim("start");
  await expectConverging(world, stack);
  expect(world.born().length).toBe(3);
});

test("a machine at its disk limit is deleted all the same", async () => {
  const world = engineWorld({ faults: "disk-quota" });
  await world.apply([desired("web", { settings: { diskBytes: 2 ** 34 } })]);
  expect(endings(await world.apply([]))).toEqual({ "machine.web:delete": "succeeded" });
  expect([await world.machines(), recorded(world)]).toEqual([[], []]);
});

test("a machine stuck in stopping fails its own action, stays in state, and the rest goes on", async () => {
  const world = engineWorld({ latency: 1 });
  await world.apply([desired("web"), desired("db")]);
  await world.sim("sim", "fault", "set", "stop-hang:web");
  const stack = [desired("web", { power: "stopped" }), desired("db", { power: "stopped" })];
  const ended = await world.apply(stack);
  expect(endings(ended)).toMatchObject({ "machine.db:stop": "succeeded" });
  expect(endings(ended)).not.toMatchObject({ "machine.web:stop": "succeeded" });
  expect(recorded(world)).toEqual(["machine.db", "machine.web"]);
});
