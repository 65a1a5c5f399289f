/** A kept plan over which a run died: the file finishes the job, and does nothing that was not approved. */
import { describe, expect, test } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { DesiredInside, DesiredMachine, DesiredResource } from "../../../src/model/resource.ts";
import { at, desired, inside, named } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { applyKept, keep } from "../../support/kept-plans.ts";

const base = desired("base", { power: "stopped" });
const web = desired("web", { settings: { cpus: 2 } });
const db = desired("db");
const clone = (key: string, more: Partial<DesiredMachine> = {}) =>
  desired(key, {
    origin: { kind: "clone", of: { kind: "address", address: at("base") } },
    dependencies: [at("base")],
    ...more,
  });
const file = (content: string): DesiredInside => inside("file", "x", { path: "/srv/x", content });

let world: EngineWorld;

function codeOf(error: unknown): string {
  return isOrbformError(error) ? error.code : String(error);
}

/** What a plan that is taken up again is refused for. */
async function refusal(work: Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (!isOrbformError(error)) throw new Error("it was applied");
  expect(error.code).toBe("ORB_PLAN_STALE");
  return error.detail.split("\n").flatMap((line) => /^ {2}- (.*)$/.exec(line)?.[1] ?? []);
}

async function idOf(name: string) {
  return (await world.machines()).find((each) => each.name === name)?.id ?? machineId("");
}

describe("after a run that died over it", () => {
  const after = (createBeforeDestroy = false) => [
    base,
    clone("web", { lifecycle: { ...web.lifecycle, createBeforeDestroy } }),
    desired("db", { name: "data", settings: { cpus: 3 } }),
    file("two\n"),
  ];

  async function begin(resources: readonly DesiredResource[]) {
    world = engineWorld();
    await world.apply([base, desired("web", { origin: { kind: "image", distro: "alpine" } }), db, file("one\n")]);
    return await keep(world, resources, { replace: [at("web")] });
  }

  test.each([
    ["a machine replaced", after(), 1],
    ["a machine replaced by one made first", after(true), 3],
  ])("the file finishes the job, and nothing is made twice: %s", async (_, resources, step) => {
    let diesAt = 0;
    for (let isDead = true; isDead;) {
      diesAt += step;
      const saved = await begin(resources);
      const ended = await applyKept(world, saved, { resources, fate: { diesAt } });
      isDead = ended.dead;
      const again = isDead ? applyKept(world, saved, { resources }) : undefined;
      // Where all had been done and written down, there is nothing left that the file could finish.
      await again?.catch((error: unknown) => expect([diesAt, codeOf(error)]).toEqual([diesAt, "ORB_PLAN_STALE"]));
      expect([diesAt, (await world.plan(resources)).plan.actions]).toEqual([diesAt, []]);
      const names = (await world.machines()).map(({ name }) => name).toSorted();
      expect([diesAt, names, world.born().length]).toEqual([diesAt, ["base", "data", "web"], 4]);
    }
    expect(diesAt).toBeGreaterThan(30);
  });

  test("a stack that has changed since is not finished by it", async () => {
    const saved = await begin(after());
    await applyKept(world, saved, { resources: after(), fate: { diesAt: 40 } });
    const other = [...after(), desired("more")];
    const error: unknown = await applyKept(world, saved, { resources: other }).catch((thrown: unknown) => thrown);
    expect(String(isOrbformError(error) && error.detail)).toContain("stack stacks/dev.ts is another one");
  });

  test("the file finishes it still after a try that was refused, and after a second death", async () => {
    const resources = after();
    for (const diesAt of [30, 36, 42]) {
      const saved = await begin(resources);
      await applyKept(world, saved, { resources, fate: { diesAt } });
      expect(await refusal(applyKept(world, saved, { resources: [...resources, desired("more")] }))).toHaveLength(1);
      expect(await applyKept(world, saved, { resources, fate: { diesAt: 14 } })).toEqual({ dead: true });
      await applyKept(world, saved, { resources });
      expect([diesAt, (await world.plan(resources)).plan.actions, world.born().length]).toEqual([diesAt, [], 4]);
    }
  });

  const next = [desired("db", { name: "data" }), desired("web", { settings: { cpus: 3 } })];

  /** The first point from `diesAt` on at which a run that dies leaves a journal behind. */
  async function diedWithJournal(resources: readonly DesiredResource[], from: number, more = {}) {
    for (let diesAt = from; ; diesAt += 1) {
      world = engineWorld();
      await world.apply([web, db]);
      const saved = await keep(world, resources, more);
      const ended = await applyKept(world, saved, { resources, fate: { diesAt } });
      if (!ended.dead) throw new Error("nobody died");
      if (world.journal() !== undefined) return saved;
    }
  }

  test("what was not begun must be as it was", async () => {
    const saved = await diedWithJournal(next, 3);
    await world.outside({ verb: "stop", id: await idOf("web") });
    expect(await refusal(applyKept(world, saved, { resources: next }))).toEqual([
      "machine.web was running and is stopped",
    ]);
    await world.outside({ verb: "start", id: await idOf("web") });
    expect(await refusal(applyKept(world, saved, { resources: next }))).toEqual(["machine.web was restarted"]);
  });

  test("what was begun is not done in another way", async () => {
    const saved = await diedWithJournal(next, 22);
    const machine = (await world.machines()).find(({ name }) => name !== "web");
    await world.outside({ verb: "stop", id: machine?.id ?? machineId("") });
    expect(await refusal(applyKept(world, saved, { resources: next }))).toEqual([
      'machine.db was changed since a run of this plan ended: power "running" then, "stopped" now',
      "machine.db would need what was not approved: start",
    ]);
  });

  test("what ends it early is said to whoever reads it", async () => {
    const saved = await diedWithJournal(next, 3);
    const onWrite = (path: string): void => {
      if (path.includes("unfinished")) throw Object.assign(new Error("EIO"), { code: "EIO" });
    };
    const broken = applyKept(world, saved, { resources: next, fate: { onWrite } });
    expect(codeOf(await broken.catch((error: unknown) => error))).toBe("ORB_STATE_UNWRITABLE");
    await world.outside({ verb: "delete", name: named("web") });
    const stopped = applyKept(world, saved, { resources: next, stopStarting: AbortSignal.abort() });
    expect(codeOf(await stopped.catch((error: unknown) => error))).toBe("ORB_INTERRUPTED");
  });

  test("nor is a setting of it changed that the plan leaves alone", async () => {
    const stack = [desired("web", { settings: { cpus: 3, memoryMiB: 512 } })];
    world = engineWorld();
    await world.apply([desired("web", { settings: { cpus: 2, memoryMiB: 512 } })]);
    const saved = await keep(world, stack);
    for (let diesAt = 3; world.journal()?.includes("intent") !== true; diesAt += 1)
      await applyKept(world, saved, { resources: stack, fate: { diesAt } });
    await world.outside({ verb: "configure", name: named("web"), settings: { memoryMiB: 1024 } });
    expect(await refusal(applyKept(world, saved, { resources: stack }))).toEqual([
      "machine.web has another memory: 512 then, 1024 now",
    ]);
    await world.outside({ verb: "configure", name: named("web"), settings: { memoryMiB: 512 } });
    await applyKept(world, saved, { resources: stack });
    expect((await world.machines()).map(({ settings }) => settings.cpus)).toEqual([3]);
  });

  test("what runs over another state came to is not this one's", async () => {
    const saved = await diedWithJournal(next, 22);
    await applyKept(world, saved, { resources: next, stopStarting: AbortSignal.abort() }).catch(() => undefined);
    const text = world.disk.files.get("/state/dev.unfinished") ?? "";
    world.disk.files.set("/state/dev.unfinished", text.replace(saved.plan.lineage, "another"));
    expect((await refusal(applyKept(world, saved, { resources: next }))).length).toBeGreaterThan(0);
  });

  test("a machine that somebody renamed is not deleted", async () => {
    for (let diesAt = 3, dead = true; dead; diesAt += 1) {
      world = engineWorld();
      await world.apply([web, db]);
      const id = await idOf("db");
      const saved = await keep(world, [web]);
      ({ dead } = await applyKept(world, saved, { resources: [web], fate: { diesAt } }));
      if (!dead || !(await world.machines()).some((each) => each.id === id)) continue;
      await world.outside({ verb: "rename", id, to: named("precious") });
      const again = await refusal(applyKept(world, saved, { resources: [web] }));
      expect(again.join()).toMatch(/^machine\.db was renamed from ".*" to "precious"/);
      expect((await world.machines()).map(({ name }) => name)).toContain("precious");
    }
  });

  test.each([
    ["a crash", false],
    ["a refusal", true],
  ])("what somebody wrote is not written over after %s", async (_, refused) => {
    const stack = [web, file("two\n")];
    for (let diesAt = 3, dead = true; dead; diesAt += 1) {
      world = engineWorld();
      await world.apply([web, file("one\n")]);
      const saved = await keep(world, stack);
      const id = await idOf("web");
      const theirs = () =>
        world.guests.change(id, ({ paths }) => {
          paths["/srv/x"] = { kind: "file", text: "theirs\n", mode: 0o644, owner: "root" };
        });
      const before = (): void => {
        if (refused) theirs();
      };
      ({ dead } = await applyKept(world, saved, { resources: stack, fate: { diesAt, before } }));
      if (!dead && !refused) continue;
      theirs();
      await applyKept(world, saved, { resources: stack }).catch(() => undefined);
      expect([diesAt, world.guests.read(id).paths["/srv/x"]]).toMatchObject([diesAt, { text: "theirs\n" }]);
    }
  });

  test("nor is the default machine another that somebody has chosen since", async () => {
    const stack = [desired("db", { default: true }), desired("web", { settings: { cpus: 3 } })];
    const saved = await diedWithJournal(stack, 3);
    await world.outside({ verb: "set-default", name: named("web") });
    expect(await refusal(applyKept(world, saved, { resources: stack }))).toEqual([
      "default machine was none and is another now",
    ]);
  });

  test("only the machine that was to be adopted is", async () => {
    world = engineWorld();
    await world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
    const saved = await keep(world, [desired("web")], { adopt: [at("web")] });
    for (let diesAt = 3; world.journal() === undefined; diesAt += 1)
      await applyKept(world, saved, { resources: [desired("web")], fate: { diesAt } });
    await world.outside({ verb: "delete", name: named("web") });
    await world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
    expect((await refusal(applyKept(world, saved, { resources: [desired("web")] }))).length).toBeGreaterThan(0);
    expect(world.snapshot()?.resources[at("web")]).toBeUndefined();
  });
});

describe("after a run that ended early", () => {
  const two = [base, clone("web"), desired("db")];

  test("by an interrupt, the file goes on from there", async () => {
    for (let most = 1, isWhole = false; !isWhole; most += 1) {
      world = engineWorld();
      const saved = await keep(world, two);
      const stop = new AbortController();
      let begun = 0;
      const onEvent = ({ event }: { readonly event: string }): void => {
        if (event === "started" && (begun += 1) === most) stop.abort();
      };
      await applyKept(world, saved, { resources: two, stopStarting: stop.signal, onEvent });
      isWhole = !stop.signal.aborted;
      if (!isWhole && world.disk.files.has("/state/dev.unfinished")) await applyKept(world, saved, { resources: two });
      expect([most, (await world.plan(two)).plan.actions, world.born().length]).toEqual([most, [], 3]);
    }
  });

  test("by a failure, the file goes on from there, until somebody else has written", async () => {
    world = engineWorld();
    await world.apply([base]);
    const saved = await keep(world, two);
    await world.sim("sim", "fault", "set", "clone-fails");
    await applyKept(world, saved, { resources: two });
    expect((await world.machines()).map(({ name }) => name)).not.toContain("web");
    await world.sim("sim", "fault", "clear", "clone-fails");
    await applyKept(world, saved, { resources: two });
    expect((await world.plan(two)).plan.actions).toEqual([]);
    const again: unknown = await applyKept(world, saved, { resources: two }).catch((error: unknown) => error);
    expect(isOrbformError(again) && again.summary).toBe("The plan was applied before");
  });
});
