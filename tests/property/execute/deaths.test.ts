import { describe, expect, it } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredArchive, DesiredMachine, DesiredResource } from "../../../src/model/resource.ts";
import { archivePath } from "../../../src/model/archive.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { at, desired, named } from "../../support/execute-builders.ts";
import { desiredArchive } from "../../support/plan-builders.ts";

function cloneOf(key: string, source: string, changes: Partial<DesiredMachine> = {}): DesiredMachine {
  const origin = { kind: "clone", of: { kind: "address", address: at(source) } } as const;
  return desired(key, { origin, dependencies: [at(source)], identity: "fresh", ...changes });
}

const backup = (key: string, changes: Partial<DesiredArchive> = {}) => desiredArchive(key, at("web"), changes);

const debian = { kind: "image", distro: "debian" } as const;
const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };

interface Scenario {
  readonly before: readonly DesiredResource[];
  readonly after: readonly DesiredResource[];
  /** How many machines ever come into being, the stranger aside. */
  readonly born: number;
  /** Of how many machines the identity is to be their own in the end. */
  readonly fresh: readonly string[];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "a first apply": {
    before: [],
    after: [
      desired("web", { default: true, settings: { cpus: 2 } }),
      cloneOf("c", "web", { settings: { memoryMiB: 1024 } }),
      cloneOf("still", "web", { power: "stopped" }),
    ],
    born: 3,
    fresh: ["c"],
  },
  "a swap of names, a limit, a delete": {
    before: [desired("a"), desired("b"), desired("limit"), desired("old")],
    after: [desired("a", { name: "b" }), desired("b", { name: "a" }), desired("limit", { settings: { cpus: 3 } })],
    born: 4,
    fresh: [],
  },
  "a replacement": {
    before: [desired("web")],
    after: [desired("web", { origin: debian }), cloneOf("c", "web")],
    born: 3,
    fresh: ["c"],
  },
  "a replacement made first": {
    before: [desired("web", { lifecycle: first })],
    after: [desired("web", { origin: debian, lifecycle: first, default: true, settings: { cpus: 2 } })],
    born: 2,
    fresh: [],
  },
  "a replacement made first for what can't be read back": {
    before: [desired("web", { lifecycle: first, cloudInit: { text: "#cloud-config\n" } })],
    after: [desired("web", { lifecycle: first, cloudInit: { text: "#cloud-config\n# 2\n" } })],
    born: 2,
    fresh: [],
  },
  "an archive of a replaced machine, and one that leaves": {
    before: [desired("web"), backup("kept"), backup("gone")],
    after: [desired("web", { origin: debian }), backup("kept", { keep: { last: 1 } })],
    born: 2,
    fresh: [],
  },
  "an archive with other triggers": {
    before: [desired("web"), backup("kept", { triggers: 1 })],
    after: [desired("web"), backup("kept", { triggers: 2 })],
    born: 1,
    fresh: [],
  },
  "an archive of a machine made first, with other triggers": {
    before: [desired("web", { lifecycle: first }), backup("kept", { triggers: 1 })],
    after: [desired("web", { origin: debian, lifecycle: first }), backup("kept", { triggers: 2 })],
    born: 2,
    fresh: [],
  },
  "a clone's replacement made first": {
    before: [desired("base"), cloneOf("c", "base", { lifecycle: { ...first, replaceWhen: ["1"] } })],
    after: [
      desired("base"),
      cloneOf("c", "base", { lifecycle: { ...first, replaceWhen: ["2"] }, settings: { cpus: 2 } }),
    ],
    born: 3,
    fresh: ["c"],
  },
};

async function begun({ before }: Scenario): Promise<EngineWorld> {
  const world = engineWorld({ latency: 1 });
  await world.outside({ verb: "create", name: named("stranger"), distro: "debian", settings: {} });
  if (before.length > 0) await world.apply(before);
  return world;
}

/** How many calls an apply that doesn't die makes. */
async function callsOf(scenario: Scenario): Promise<number> {
  for (let points = 40; ; points += 40) {
    const world = await begun(scenario);
    if (!(await world.apply(scenario.after, { diesAt: points })).dead) return points;
  }
}

async function expectSettled(world: EngineWorld, { after, born, fresh }: Scenario): Promise<void> {
  const machines = await world.machines();
  const names = machines.map(({ name }) => name);
  const wanted = after.flatMap((each) => (each.type === "machine" ? each.name : []));
  expect(names.toSorted()).toEqual([...wanted, "stranger"].toSorted());
  const own = machines.filter(({ name }) => name !== "stranger");
  const recorded = Object.values(world.snapshot()?.resources ?? {}).flatMap((each) =>
    each.type === "machine" ? [each.id ?? ""] : [],
  );
  expect(new Set(recorded)).toEqual(new Set(own.map(({ id }) => id)));
  expect(world.claims()).toEqual(expect.arrayContaining(own.map(({ id }) => id)));
  expect(world.born().length, "made once").toBe(born + 1);
  expect(await limitsNotInEffect(world)).toEqual([]);
  expectArchived(
    world,
    own.map(({ id }) => id),
  );
  for (const name of fresh) expect(world.freshened).toContain(machines.find((each) => each.name === name)?.id);
  const { plan } = await world.plan(after);
  expect([plan.changes, plan.diagnostics, plan.refreshed]).toEqual([[], [], {}]);
}

/** The newest archive of each in state is of a machine that is there, and stands in its folder; what left has left nothing. */
function expectArchived(world: EngineWorld, ids: readonly string[]): void {
  const archives = Object.values(world.snapshot()?.resources ?? {}).filter((each) => each.type === "archive");
  for (const { made, unfinished } of archives) {
    expect([made?.machine, unfinished]).toEqual([expect.toBeOneOf([...ids]), undefined]);
    expect(made && world.kept.get(archivePath(made))?.sha256).toBe(made?.sha256);
  }
  const series = new Set(archives.map((each) => each.series));
  expect([...world.kept.values()].filter((each) => !series.has(each.series))).toEqual([]);
}

interface SimulatedMachine {
  readonly name: string;
  readonly state: string;
  readonly settings: { readonly cpu: number; readonly memory_mib: number };
  /** What its last start gave it. */
  readonly applied: { readonly cpu: number; readonly memory_mib: number };
}

/** Running machines that have limits which their last start did not give them. */
async function limitsNotInEffect(world: EngineWorld): Promise<readonly string[]> {
  const { stdout } = await world.sim("sim", "data");
  const data: { readonly machines: readonly SimulatedMachine[] } = JSON.parse(stdout);
  return data.machines
    .filter(({ state }) => state === "running")
    .filter(({ settings, applied }) => settings.cpu !== applied.cpu || settings.memory_mib !== applied.memory_mib)
    .map(({ name }) => name);
}

describe("an apply that dies anywhere is finished by the next", () => {
  it.each(Object.entries(SCENARIOS))("%s", async (_, scenario) => {
    const points = await callsOf(scenario);
    for (let diesAt = 1; diesAt <= points; diesAt += 1) {
      const world = await begun(scenario);
      await world.apply(scenario.after, { diesAt });
      const next = await world.apply(scenario.after);
      if (next.dead) throw new Error("nothing kills it");
      const endings = [...next.applied.results.values()].filter(({ status }) => status !== "succeeded");
      expect(endings, `dying at ${diesAt}`).toEqual([]);
      await expectSettled(world, scenario).catch((error: unknown) => {
        throw new Error(`dying at ${diesAt}: ${error instanceof Error ? error.message : ""}`, { cause: error });
      });
    }
  });
});
