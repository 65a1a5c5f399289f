import type { Archives } from "../../src/archive/archives.ts";
import { memoryArchives, type Kept } from "../../src/archive/memory-archives.ts";
import type { Driver, ExecRequest, ExecResult, Operation } from "../../src/driver/driver.ts";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { watchedExec } from "../../src/driver/orbctl/watched-exec.ts";
import type { Processes } from "../../src/driver/processes.ts";
import { parseFaults } from "../../src/driver/simulator/faults.ts";
import type { MacFiles } from "../../src/driver/simulator/host.ts";
import { inMemoryExec, inMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import { applyStack, planStack, type Applied, type ApplyRequest, type Planned } from "../../src/engine.ts";
import { PLAIN_REQUEST, type EnginePorts } from "../../src/engine-types.ts";
import type { Watch } from "../../src/model/happening.ts";
import type { MachineFacts } from "../../src/model/machine.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { claimsIn } from "../../src/state/claims.ts";
import type { Disk } from "../../src/state/disk.ts";
import { localBackend } from "../../src/state/local.ts";
import { statePaths } from "../../src/state/paths.ts";
import { APPLY } from "./applied-fleet.ts";
import { hashText } from "../../src/state/digest.ts";
import { digest } from "./engine-ports.ts";
import { virtualClock } from "./execute-clock.ts";
import { memoryDisk, type MemoryDisk } from "./memory-disk.ts";
import { ModelGuests } from "./model-guest.ts";
import { identityOf } from "./state-builders.ts";

const WORLD = { driver: "simulator", host: "3f6d3c0e-0000-4000-8000-000000000000" };
const PATHS = statePaths("/state", "dev");

/** What befalls a process of Orbform. */
export interface Fate {
  /** It dies before this call of disk or driver, counted from 1: nothing it does after that happens. */
  readonly diesAt?: number;
  /** Called before each operation, when its intent is written: something outside happens. */
  readonly before?: (operation: Operation) => Promise<void> | void;
  /** How far a script comes that is let go when the process dies: so many of its steps. Default: it never begins. */
  readonly dyingSteps?: number;
  /** Called before each write to a file. What it throws is the disk's failure. */
  readonly onWrite?: (path: string) => void;
}

/** How a process of Orbform ended. */
export type Ended = { readonly dead: true } | { readonly dead: false; readonly applied: Applied };

export type EngineWorld = ReturnType<typeof engineWorld>;

/** The whole engine in memory: OrbStack, disk and time of values, and processes of Orbform that can die at any point. */
export function engineWorld(
  options: { readonly faults?: string; readonly latency?: number; readonly seed?: number; readonly watch?: Watch } = {},
) {
  const clock = virtualClock(options.seed);
  const { latency = 0, faults = "", watch } = options;
  const random = () => clock.random();
  const disk = memoryDisk();
  const simulator = inMemoryWorld({ clock, random, latency, faults: parseFaults(faults), mac: filesOn(disk) });
  const called = inMemoryExec(simulator);
  const exec = watch === undefined ? called : watchedExec(called, { clock, watch });
  const real = orbctlDriver({ exec, clock, world: WORLD });
  const kept: Kept = new Map();
  const archives = memoryArchives({ clock, read: (path) => filesOn(disk).read(path) }, kept);
  const freshened: string[] = [];
  const guests = new ModelGuests(simulator.session);
  const driver: Driver = {
    ...real,
    exec: async (request) => {
      await request.begin?.(null);
      return inside(request, { freshened, guests });
    },
  };
  let lives = 0;
  const live = (fate: Fate = {}) => {
    lives += 1;
    const life = mortal(fate, guests);
    return {
      life,
      ports: portsOf({ clock, driver: life.driver(driver), disk: life.disk(disk), pid: lives, archives }),
    };
  };
  return {
    clock,
    disk,
    /** Archives that are there, by path. */
    kept,
    /** Ids of machines that were given an identity of their own, in order. */
    freshened,
    /** What lies inside machines. */
    guests,
    live,
    /** Applies in a process of its own. Resolves with `dead` where its fate is to die. */
    apply: async (
      resources: readonly DesiredResource[],
      fate: Fate = {},
      more: Partial<ApplyRequest> = {},
    ): Promise<Ended> => {
      const { life, ports } = live(fate);
      const applied = applyStack(ports, stackOf(resources), { ...APPLY, ...more });
      return await Promise.race([applied.then((done) => ({ dead: false as const, applied: done })), life.death]);
    },
    plan: (resources: readonly DesiredResource[], more: Partial<typeof PLAIN_REQUEST> = {}): Promise<Planned> =>
      planStack(live().ports, stackOf(resources), { ...PLAIN_REQUEST, ...more }),
    machines: async (): Promise<readonly MachineFacts[]> =>
      (await real.observe({ settings: true, default: true })).machines,
    default: async () => (await real.observe({ settings: true, default: true })).default,
    outside: (operation: Operation) => real.perform(operation, { begin: async () => undefined }),
    /** Calls `orbctl-sim ARGS`: `sim fault set list-fail=2`. */
    sim: (...argv: readonly string[]) => inMemoryExec(simulator)({ argv }),
    /** Ids of all machines that ever came into being. */
    born: (): readonly string[] =>
      simulator.session
        .log()
        .map((line): { what: string; id: string } => JSON.parse(line))
        .filter(({ what }) => ["create", "clone", "import"].includes(what))
        .map(({ id }) => id),
    snapshot: (): Snapshot | undefined => {
      const text = disk.files.get(PATHS.snapshot);
      return text === undefined ? undefined : JSON.parse(text);
    },
    journal: (): string | undefined => disk.files.get(PATHS.journal),
    claims: (): readonly string[] =>
      [...disk.files.keys()].filter((path) => path.startsWith("/home/claims/")).map((path) => path.slice(13)),
  };
}

/** What orbctl reads and writes lies on the same disk. Bytes are kept as Latin-1. */
function filesOn({ files }: MemoryDisk): MacFiles {
  return {
    read: (path) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`no such file: ${path}`);
      return Buffer.from(text, "latin1");
    },
    write: (path, bytes) => void files.set(path, Buffer.from(bytes).toString("latin1")),
    readTree: () => undefined,
    writeTree: () => undefined,
    resolve: (path) => path,
    isDirectory: () => false,
  };
}

/** A loaded stack with these resources. */
export function stackOf(resources: readonly DesiredResource[]) {
  const sorted = resources.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  return { value: { stack: "dev", resources: sorted, outputs: {}, existing: [] }, diagnostics: [] };
}

function textOf(stdin: ExecRequest["stdin"]): string {
  return stdin instanceof Uint8Array ? Buffer.from(stdin).toString() : "";
}

interface Within {
  readonly freshened: string[];
  readonly guests: ModelGuests;
}

function inside({ machine, command, stdin }: ExecRequest, { freshened, guests }: Within): ExecResult {
  const script = command.at(-1) ?? "";
  if (script.includes("/etc/machine-id")) freshened.push(machine);
  if (script.endsWith("/boot_id")) return { exitCode: 0, stdout: `${guests.bootOf(machine)}\n`, stderr: "" };
  const stdout = guests.answer(machine, { script, stdin: textOf(stdin) }) ?? "";
  return { exitCode: 0, stdout, stderr: "" };
}

interface Parts {
  readonly clock: EnginePorts["clock"];
  readonly driver: Driver;
  readonly disk: Disk;
  readonly pid: number;
  readonly archives: Archives;
}

/** A later process finds every earlier one dead. */
function portsOf({ clock, driver, disk, pid, archives }: Parts): EnginePorts {
  const host = async () => identityOf({ pid, processStart: String(pid) });
  const processes: Processes = {
    exists: (other) => other >= pid,
    isRunning: async (other) => other.pid >= pid,
    stop: async () => false,
  };
  return {
    driver,
    backend: localBackend({ disk, path: PATHS.snapshot, clock, hostIdentity: host, processes }),
    clock,
    disk,
    paths: PATHS,
    claims: claimsIn({ disk, folder: "/home/claims", statePath: PATHS.snapshot }),
    archives,
    host,
    processes,
    digest,
    hashText,
    newLineage: () => "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
  };
}

/** Counts what a process does to the outside, and stops it for good at one point. */
function mortal({ diesAt, dyingSteps, before, onWrite }: Fate, guests: ModelGuests) {
  const { promise: death, resolve } = Promise.withResolvers<{ readonly dead: true }>();
  let calls = 0;
  const tick = async (dying: () => void = () => undefined): Promise<void> => {
    calls += 1;
    if (diesAt === undefined || calls < diesAt) return;
    if (calls === diesAt) dying();
    resolve({ dead: true });
    await new Promise(() => undefined);
  };
  const write = async (path: string): Promise<void> => {
    await tick();
    onWrite?.(path);
  };
  return {
    death,
    calls: () => calls,
    driver: (driver: Driver): Driver => ({
      ...driver,
      observe: async (scope) => (await tick(), await driver.observe(scope)),
      inspect: async (which, want) => (await tick(), await driver.inspect(which, want)),
      exec: async (request) => {
        await tick();
        const { begin: announce, machine, command, stdin } = request;
        if (announce === undefined) return await driver.exec(request);
        const begin: typeof announce = async (child) => {
          await announce(child);
          await tick(() => {
            const run = { script: command.at(-1) ?? "", stdin: textOf(stdin) };
            if (dyingSteps !== undefined) guests.answer(machine, { ...run, steps: dyingSteps });
          });
        };
        const result = await driver.exec({ ...request, begin });
        await tick();
        return result;
      },
      perform: async (operation, options) => {
        const begin: typeof options.begin = async (child) => {
          await options.begin(child);
          await tick();
          await before?.(operation);
        };
        await driver.perform(operation, { ...options, begin });
        await tick();
      },
    }),
    disk: (disk: Disk): Disk => ({
      ...disk,
      replace: async (path, text, mode) => (await write(path), await disk.replace(path, text, mode)),
      createExclusive: async (path, text) => (await write(path), await disk.createExclusive(path, text)),
      remove: async (path) => (await tick(), await disk.remove(path)),
      openAppend: async (path) => {
        const file = await disk.openAppend(path);
        return { ...file, append: async (text) => (await write(path), await file.append(text)) };
      },
    }),
  };
}
