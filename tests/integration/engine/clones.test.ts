import { expect, it } from "vitest";
import { engineWorld } from "../../support/engine-world.ts";
import { at, desired } from "../../support/execute-builders.ts";

it("does nothing to a source while it is cloned, though the source needs its own clone by way of another", async () => {
  const world = engineWorld();
  await world.apply([desired("b"), desired("c", { power: "stopped" })]);
  const { plan } = await world.plan([
    desired("a", { origin: { kind: "clone", of: { kind: "existing", name: "b" } } }),
    desired("c", { power: "stopped", dependencies: [at("a")] }),
    desired("b", { dependencies: [at("c")], settings: { cpus: 2 } }),
  ]);
  expect(plan.actions.map(({ id, after }) => [id, after])).toEqual([
    ["machine.a:clone", []],
    ["machine.a:start", ["machine.a:clone"]],
    ["machine.b:config", ["machine.a:clone"]],
    ["machine.b:restart", expect.arrayContaining(["machine.b:config"])],
  ]);
});
