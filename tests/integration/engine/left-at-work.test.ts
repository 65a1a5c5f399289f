import { expect, test } from "vitest";
import type { Driver } from "../../../src/driver/driver.ts";
import type { ProcessRef } from "../../../src/driver/processes.ts";
import { recoverRun, type RecoverPorts } from "../../../src/execute/recover-run.ts";
import { decodeJournal, encodeJournal } from "../../../src/state/journal.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { desired, inside, named } from "../../support/execute-builders.ts";

const CLIENT = { pid: 777, startedAt: "7" };
const JOURNAL = "/state/dev.journal";

/** A run that died when its create was announced, and whose client is said to be at work still. */
async function leftAtWork(): Promise<EngineWorld> {
  for (let diesAt = 1; ; diesAt += 1) {
    const world = engineWorld();
    await world.apply([desired("web")], { diesAt });
    const journal = world.journal();
    const records = journal === undefined ? [] : (decodeJournal(journal, JOURNAL)?.records ?? []);
    if (!records.some(({ kind }) => kind === "intent")) continue;
    const withClient = records.map((each) => (each.kind === "intent" ? { ...each, child: CLIENT } : each));
    world.disk.files.set(JOURNAL, encodeJournal(withClient));
    return world;
  }
}

const ONCE = inside("command", "once", { run: ["append", "/srv/log", "x"] });

/** A run that died when it had announced a command inside a machine, which has done so many of its steps. */
async function leftInside(dyingSteps = 0): Promise<EngineWorld> {
  for (let diesAt = 1; ; diesAt += 1) {
    const world = engineWorld();
    await world.apply([desired("web")]);
    await world.apply([desired("web"), ONCE], { diesAt, dyingSteps });
    if (world.journal()?.includes('"does":"run"') !== true) continue;
    if (dyingSteps === 0 || (await logIn(world)) !== undefined) return world;
  }
}

/** What the command has written. */
async function logIn(world: EngineWorld): Promise<string | undefined> {
  const [machine] = await world.machines();
  const log = world.guests.read(machine?.id ?? "").paths["/srv/log"];
  return log?.kind === "file" ? log.text : undefined;
}

/** The driver, of which the first calls fail: so many lists, so many commands inside. */
function failing(world: EngineWorld, { lists = 0, commands = 0 }): Driver {
  const { driver } = world.live().ports;
  const left = { lists, commands };
  const fail = (what: keyof typeof left): void => {
    left[what] -= 1;
    if (left[what] >= 0) throw new Error(`no ${what}`);
  };
  return {
    ...driver,
    observe: async (scope) => (fail("lists"), await driver.observe(scope)),
    exec: async (request) => (fail("commands"), await driver.exec(request)),
  };
}

interface TakenOver {
  readonly told: readonly string[];
  readonly stopped: readonly ProcessRef[];
  readonly tookMs: number;
}

/** Takes over from it. The client never ends by itself. */
async function takeOver(world: EngineWorld, more: Partial<RecoverPorts> = {}): Promise<TakenOver> {
  const told: string[] = [];
  const stopped: ProcessRef[] = [];
  const processes = {
    exists: () => true,
    isRunning: async () => stopped.length === 0,
    stop: async (which: ProcessRef) => stopped.push(which) > 0,
  };
  const began = world.clock.now();
  await recoverRun({ ...world.live().ports, processes, ...more }, { tell: (notice) => void told.push(notice) });
  return { told: told.slice(1), stopped, tookMs: world.clock.now() - began };
}

test("a dead run's client is stopped once the machine that it makes runs and answers", async () => {
  const world = await leftAtWork();
  await world.outside({ verb: "create", name: named("web"), distro: "ubuntu", settings: {} });
  const { told, tookMs } = await takeOver(world);
  expect(told).toEqual(["Stopped orbctl (process 777) of the earlier run: its machine runs."]);
  expect(tookMs).toBeLessThan(60_000);
});

test("a dead run's client is not stopped for a stranger that runs under the name of what it makes", async () => {
  const world = await leftAtWork();
  await world.outside({ verb: "create", name: named("web"), distro: "fedora", settings: {} });
  const { told, tookMs } = await takeOver(world);
  expect(told).toEqual(["Stopped orbctl (process 777) of the earlier run: it was over its time."]);
  expect(tookMs).toBeGreaterThan(60_000);
});

test("a process that has the pid of a client of another boot is neither waited for nor stopped", async () => {
  const world = await leftAtWork();
  const { ports } = world.live();
  const host = async () => ({ ...(await ports.host()), bootId: "boot-2" });
  expect(await takeOver(world, { host })).toEqual({ told: [], stopped: [], tookMs: 0 });
  expect(world.journal()).toBeUndefined();
});

test("OrbStack is not started to look for what a dead run left inside a machine", async () => {
  const world = await leftInside();
  await world.sim("stop");
  await takeOver(world);
  expect(world.journal()).toBeUndefined();
  expect((await world.sim("status")).stdout).toBe("Stopped\n");
});

test.each([{ lists: 1 }, { commands: 1 }])(
  "a command that a dead run began and that was done is not run again where asking for it fails once: %o",
  async (failures) => {
    const world = await leftInside(Infinity);
    await takeOver(world, { driver: failing(world, failures) });
    await world.apply([desired("web"), ONCE]);
    expect(await logIn(world)).toBe("x\n");
  },
);

test("a command that a dead run began is asked for by the next apply where nothing can be listed now", async () => {
  const world = await leftInside(Infinity);
  await expect(takeOver(world, { driver: failing(world, { lists: Infinity }) })).rejects.toThrow("no lists");
  await world.apply([desired("web"), ONCE]);
  expect(await logIn(world)).toBe("x\n");
});

test("a command of a dead run is asked for once more by the next plan where its machine gave no answer", async () => {
  const world = await leftInside(Infinity);
  const { told } = await takeOver(world, { driver: failing(world, { commands: Infinity }) });
  expect(told.at(-1)).toMatch(/^Nobody can tell yet whether command\.once has run/);
  expect((await world.plan([desired("web"), ONCE])).plan.changes).toEqual([]);
  await world.apply([desired("web"), ONCE]);
  expect(await logIn(world)).toBe("x\n");
});

/** Takes over from it without a look at any machine, and restarts the machine where that is asked. */
async function takenOverBlindly(dyingSteps: number, isRestarted: boolean): Promise<EngineWorld> {
  const world = await leftInside(dyingSteps);
  const { driver: _driver, ...blind } = world.live().ports;
  await recoverRun(blind, { tell: () => undefined });
  const [machine] = await world.machines();
  if (isRestarted && machine !== undefined) await world.outside({ verb: "restart", id: machine.id });
  return world;
}

test("so it is where what takes over looks at no machine", async () => {
  const world = await takenOverBlindly(Infinity, false);
  expect(world.journal()).toBeUndefined();
  await world.apply([desired("web"), ONCE]);
  expect(await logIn(world)).toBe("x\n");
  const again = await world.plan([desired("web"), ONCE]);
  expect([again.plan.changes, again.plan.refreshed]).toEqual([[], {}]);
});

test.each([
  { what: "it never began", steps: 0, isRestarted: false, log: "x\n" },
  { what: "it never began, and its machine was restarted", steps: 0, isRestarted: true, log: "x\n" },
  { what: "the boot that knew of its end is over", steps: Infinity, isRestarted: true, log: "x\nx\n" },
])("it is run again where $what", async ({ steps, isRestarted, log }) => {
  const world = await takenOverBlindly(steps, isRestarted);
  await world.apply([desired("web"), ONCE]);
  expect(await logIn(world)).toBe(log);
});

/** In the next apply, once the machine has been planned on, it says these words of the attempt before, one after the other. */
function saying(world: EngineWorld, words: readonly string[]): void {
  const { guests } = world;
  const answer = guests.answer.bind(guests);
  const left = [...words];
  guests.answer = (machine, run) => {
    const said = answer(machine, run);
    const word = run.script.includes(".void") ? left.shift() : undefined;
    return word === undefined ? said : said?.replace(/ held \S+ /, ` held ${word} `);
  };
}

test("it is not run again where it has ended well since the plan was made", async () => {
  const world = await takenOverBlindly(0, false);
  saying(world, ["done"]);
  const ended = await world.apply([desired("web"), ONCE]);
  const results = ended.dead ? [] : [...ended.applied.results.values()];
  expect(results).toMatchObject([{ status: "failed", problem: { code: "ORB_PLAN_STALE" } }]);
  expect(await logIn(world)).toBeUndefined();
});

test("it is waited for where it has begun since, and asked for by the same token", async () => {
  const world = await takenOverBlindly(0, false);
  saying(world, ["busy", "done"]);
  await world.apply([desired("web"), ONCE]);
  expect(await logIn(world)).toBeUndefined();
  expect(JSON.stringify(world.snapshot())).toContain('"script"');
});

test("whoever dies over it, it has been run once in the end", async () => {
  let diesAt = 0;
  for (let isDead = true; isDead;) {
    diesAt += 1;
    const world = await takenOverBlindly(0, false);
    isDead = (await world.apply([desired("web"), ONCE], { diesAt })).dead;
    await world.apply([desired("web"), ONCE]);
    expect([diesAt, await logIn(world), (await world.plan([desired("web"), ONCE])).plan.changes]).toEqual([
      diesAt,
      "x\n",
      [],
    ]);
  }
  expect(diesAt).toBeGreaterThan(10);
});
