import { expect, test } from "vitest";
import { engineWorld } from "../../support/engine-world.ts";
import { desired, named } from "../../support/execute-builders.ts";

test("a rename that drops the default gives it back to the machine that is to be it now, not to the one that was", async () => {
  const world = engineWorld({ faults: "rename-drops-default" });
  await world.apply([desired("a", { default: true }), desired("b")]);
  await world.outside({ verb: "set-default", name: named("b") });
  const after = [desired("a", { name: "x" }), desired("b", { name: "y", default: true })];
  await world.apply(after);
  expect(await world.default()).toBe("y");
  expect((await world.plan(after)).plan.changes).toEqual([]);
});
