import { describe, expect, it } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import type { Value } from "../../../src/model/value.ts";
import { engineWorld } from "../../support/engine-world.ts";
import { at, desired } from "../../support/execute-builders.ts";

const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const debian = { kind: "image", distro: "debian" } as const;
const dbHost: Value = { "~orbform": "ref", address: at("db"), property: "hostname" };

function knows(text: Value): DesiredMachine {
  return desired("app", { cloudInit: { text }, dependencies: [at("db")] });
}

describe("a machine that is replaced by one made first", () => {
  it("is known to others by its final name, though it has another while they are made", async () => {
    const world = engineWorld();
    await world.apply([desired("db", { lifecycle: first })]);
    const db = desired("db", { lifecycle: first, origin: debian });
    const stack = [db, knows({ "~orbform": "concat", parts: ["#cloud-config\n# ", dbHost] })];
    const ended = await world.apply(stack);
    if (ended.dead) throw new Error("nothing kills it");
    expect([...ended.applied.results.values()].map(({ status }) => status)).not.toContain("failed");
    expect((await world.plan(stack)).plan.changes).toEqual([]);
  });
});

describe("a machine that left the stack and is gone", () => {
  it("is out of state once its last predecessor is deleted", async () => {
    const world = engineWorld();
    await world.apply([desired("db", { lifecycle: first })]);
    const replaced = [desired("db", { lifecycle: first, origin: debian })];
    await world.apply(replaced, {
      before: ({ verb }) => {
        if (verb === "delete") throw new Error("no delete today");
      },
    });
    const state = world.snapshot()?.resources[at("db")];
    const current = (await world.machines()).find(({ id }) => state?.type === "machine" && state.id === id);
    if (current === undefined) throw new Error("the new one was made");
    await world.sim("delete", "--force", current.name);
    await world.apply([]);
    expect([world.snapshot()?.resources, (await world.machines()).length]).toEqual([{}, 0]);
  });
});
