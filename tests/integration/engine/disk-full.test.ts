import { expect, test } from "vitest";
import { engineWorld, type Fate } from "../../support/engine-world.ts";
import { at, desired } from "../../support/execute-builders.ts";

/** The disk takes no more of the files whose path matches. */
function full(which: RegExp, after = 0): Fate {
  let left = after;
  return {
    onWrite: (path) => {
      if (!which.test(path) || left-- > 0) return;
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
  };
}

const stack = [desired("a"), desired("b"), desired("c")];

test("a snapshot that can't be written leaves the journal, says so, and the next apply has all that was made", async () => {
  const world = engineWorld();
  const applied = world.apply(stack, full(/dev\.json$/));
  const error: unknown = await applied.catch((thrown: unknown) => thrown);
  const detail: unknown = expect.stringMatching(/kept in its journal/);
  expect(error).toMatchObject({ code: "ORB_STATE_UNWRITABLE", detail });
  expect([(await world.machines()).length, world.snapshot(), world.journal() !== undefined]).toEqual([
    3,
    undefined,
    true,
  ]);
  const next = await world.apply(stack);
  expect(next).toMatchObject({ dead: false, applied: { snapshot: { serial: 1 } } });
  expect([world.born().length, Object.keys(world.snapshot()?.resources ?? {})]).toEqual([
    3,
    ["machine.a", "machine.b", "machine.c"],
  ]);
  expect((await world.plan(stack)).plan.changes).toEqual([]);
});

test("a journal that takes no more begins nothing more, and the next apply finishes", async () => {
  for (let after = 1; after < 7; after += 1) {
    const world = engineWorld({ latency: 1 });
    const applied = world.apply(stack, full(/\.journal$/, after));
    await expect(applied, `after ${after}`).rejects.toMatchObject({ code: "ORB_STATE_UNWRITABLE" });
    const next = await world.apply(stack);
    expect(next.dead).toBe(false);
    expect([world.born().length, world.snapshot()?.resources[at("c")]?.type]).toEqual([3, "machine"]);
    expect((await world.plan(stack)).plan.changes).toEqual([]);
  }
});

test("timings and history that can't be written fail nothing", async () => {
  const world = engineWorld();
  const applied = await world.apply(stack, full(/timings|history/));
  expect(applied).toMatchObject({ dead: false, applied: { snapshot: { serial: 1 } } });
  expect(world.journal()).toBeUndefined();
});

test("a claim that can't be written fails nothing", async () => {
  const world = engineWorld();
  expect(await world.apply(stack, full(/claims/))).toMatchObject({ dead: false });
  expect(Object.keys(world.snapshot()?.resources ?? {}).length).toBe(3);
});
