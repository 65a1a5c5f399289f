import { expect, test } from "vitest";
import { applyStack } from "../../../src/engine.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { Ready } from "../../../src/model/resource.ts";
import { APPLY } from "../../support/applied-fleet.ts";
import { engineWorld, stackOf, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";

const lifecycle = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const debian = { kind: "image", distro: "debian" } as const;
const fedora = { kind: "image", distro: "fedora" } as const;
const ready: Ready = { kind: "command", command: ["check"], timeoutMs: 5000 };
const guarded = { ...lifecycle, preventDestroy: true };

const ids = async (world: EngineWorld) => (await world.machines()).map(({ id }) => id);

interface Interrupted {
  readonly world: EngineWorld;
  readonly old: string;
}

/** A replacement made first whose run dies when both machines are there, at every point where that is so. */
async function* interrupted(given: Partial<Parameters<typeof desired>[1]> = {}): AsyncGenerator<Interrupted> {
  for (let diesAt = 1, found = false; ; diesAt += 1) {
    const world = engineWorld();
    await world.apply([desired("web", { lifecycle, ...given })]);
    const [old = ""] = await ids(world);
    await world.apply([desired("web", { lifecycle, ...given, origin: debian })], { diesAt });
    const both = (await world.machines()).length === 2;
    if (both) yield { world, old };
    if (found && !both) return;
    found ||= both;
  }
}

/** A replacement made first whose new machine never answers its check. */
async function neverReady(): Promise<Interrupted> {
  const world = engineWorld();
  await world.apply([desired("web", { lifecycle, ready })]);
  const [old = ""] = await ids(world);
  const { ports } = world.live();
  const driver = { ...ports.driver, exec: async () => ({ exitCode: 1, stdout: "", stderr: "no" }) };
  await applyStack({ ...ports, driver }, stackOf([desired("web", { lifecycle, ready, origin: debian })]), APPLY);
  expect((await world.machines()).length).toBe(2);
  return { world, old };
}

test("a change that is taken back before the new machine was ready leaves the old one, and deletes the new one", async () => {
  const { world, old } = await neverReady();
  const back = [desired("web", { lifecycle, ready })];
  const { plan } = await world.plan(back);
  expect(plan.changes).toMatchObject([{ action: "update", reason: "delete: never ready" }]);
  expect(plan.summary).toEqual({ add: 0, change: 1, destroy: 1, forget: 0, adopt: 0 });
  await world.apply(back);
  expect(await ids(world)).toEqual([old]);
  expect(world.snapshot()?.resources[at("web")]).toMatchObject({ id: old, name: "web", status: "ready" });
  expect(world.snapshot()?.resources[at("web")]).not.toHaveProperty("deposed");
  expect((await world.plan(back)).plan.changes).toEqual([]);
});

test("a third machine is made before the old one goes where the second was never ready", async () => {
  const { world, old } = await neverReady();
  const third = [desired("web", { lifecycle, ready, origin: fedora })];
  const { plan } = await world.plan(third);
  const order = new Map(plan.actions.map(({ id, after }) => [String(id), after.map(String)]));
  expect(order.get("machine.web:create")).toContain("machine.web:delete-left");
  expect(order.get("machine.web:delete-deposed")).toContain("machine.web:create");
  const deleted = plan.actions.flatMap((each) => (each.kind === "delete" && each.deposed ? [each.target.id] : []));
  expect(deleted).toContain(old);
  await world.apply(third);
  expect((await world.machines()).map(({ name, image }) => [name, image.distro])).toEqual([["web", "fedora"]]);
});

test("wherever a run dies before the new machine is recorded as ready, taking the change back leaves the old one", async () => {
  let kept = 0;
  for await (const { world, old } of interrupted()) {
    const prior = (await world.plan([desired("web", { lifecycle })])).prior.resources[at("web")];
    const wasReady = prior?.type === "machine" && prior.status === "ready" && prior.id !== old;
    await world.apply([desired("web", { lifecycle })]);
    const left = await world.machines();
    expect(left.map(({ name, image }) => [name, image.distro])).toEqual([["web", "ubuntu"]]);
    if (!wasReady) expect(left.map(({ id }) => id)).toEqual([old]);
    if (!wasReady) kept += 1;
  }
  expect(kept).toBeGreaterThan(2);
});

test("preventDestroy that is set meanwhile keeps the old machine, whatever became of the new one", async () => {
  for await (const { world, old } of interrupted()) {
    const stack = [desired("web", { lifecycle: guarded, origin: debian })];
    await expect(world.apply(stack)).rejects.toMatchObject({ code: "ORB_PREVENT_DESTROY" });
    expect(await ids(world)).toContain(old);
    const fresh = (await world.machines()).find(({ id }) => id !== old);
    await world.outside({ verb: "delete", name: named(fresh?.name ?? "") });
    await world.apply(stack).catch(() => undefined);
    expect(await ids(world)).toContain(old);
  }
});

test("the old one stays where nobody waits for the new one, and what to do is said", async () => {
  for await (const { world, old } of interrupted({ power: "any" })) {
    const fresh = (await world.machines()).find(({ id }) => id !== old);
    if (fresh === undefined) throw new Error("it was not made");
    await world.outside({ verb: "stop", id: fresh.id });
    const next = [desired("web", { lifecycle, power: "any", origin: debian })];
    const failed = await world.apply(next).then(
      () => undefined,
      (error: unknown) => error,
    );
    const state = world.snapshot()?.resources[at("web")];
    if (state?.type === "machine" && state.status === "ready") continue;
    expect(failed).toMatchObject({ code: "ORB_NOT_READY" });
    expect(await ids(world)).toContain(old);
  }
});
