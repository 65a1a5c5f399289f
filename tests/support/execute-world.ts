import { hashText } from "../../src/state/digest.ts";
import { createHash } from "node:crypto";
import { memoryArchives } from "../../src/archive/memory-archives.ts";
import type { ChildRef, Driver, ExecRequest, ExecResult, Operation } from "../../src/driver/driver.ts";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { inMemoryExec, inMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import type { MacFiles } from "../../src/driver/simulator/host.ts";
import type { ExecuteEvent } from "../../src/model/execute-event.ts";
import { execute, type ExecuteOptions, type ExecutionResult } from "../../src/execute/execute.ts";
import { DEFAULT_LIMITS } from "../../src/model/limits.ts";
import { remainingMs } from "../../src/graph/critical-path.ts";
import type { Action } from "../../src/model/action.ts";
import type { Json } from "../../src/model/json.ts";
import type { MachineFacts } from "../../src/model/machine.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import type { ResourceState, Snapshot } from "../../src/model/snapshot.ts";
import type { JournalRecord } from "../../src/state/records.ts";
import { virtualClock } from "./execute-clock.ts";

const WORLD = { driver: "simulator", host: "3f6d3c0e-0000-4000-8000-000000000000" };

/** What a test changes about the world. */
export interface WorldOptions {
  /** Faults of the simulator, as it spells them: `create-hang:web-*`. */
  readonly faults?: readonly string[];
  /** Factor on real durations; 0 = everything is done at once. */
  readonly latency?: number;
  /** Called when an operation has begun and has not done anything; what it throws is the operation's failure. */
  readonly before?: (operation: Operation) => Promise<void> | void;
  /** Called after an operation was done; what it throws is all that its caller hears. */
  readonly after?: (operation: Operation) => Promise<void> | void;
  /** What commands inside give; default: exit 0. */
  readonly inside?: (request: ExecRequest) => ExecResult;
  readonly child?: ChildRef;
}

export type TestWorld = ReturnType<typeof testWorld>;

/** OrbStack in memory behind the real driver, with a virtual clock, and a record of everything that was done. */
export function testWorld(options: WorldOptions = {}) {
  const clock = virtualClock();
  const faults = (options.faults ?? []).map(parseFault);
  const simulator = inMemoryWorld({
    clock,
    random: () => clock.random(),
    latency: options.latency ?? 0,
    faults,
    mac: NO_FILES,
  });
  const real = orbctlDriver({ exec: inMemoryExec(simulator), clock, world: WORLD });
  const operations: Operation[] = [];
  const calls: string[] = [];
  const commands: (readonly string[])[] = [];
  const driver: Driver = {
    ...real,
    observe: (scope) => {
      calls.push("observe");
      return real.observe(scope);
    },
    inspect: (which, want) => {
      calls.push("inspect");
      return real.inspect(which, want);
    },
    perform: async (operation, performing) => {
      operations.push(operation);
      calls.push(operation.verb);
      const begin = async (): Promise<void> => {
        await performing.begin(options.child ?? null);
        await options.before?.(operation);
      };
      await real.perform(operation, { ...performing, begin });
      await options.after?.(operation);
    },
    exec: async (request) => {
      calls.push("exec");
      commands.push(request.command);
      return options.inside?.(request) ?? { exitCode: 0, stdout: "", stderr: "" };
    },
  };
  return {
    clock,
    driver,
    operations,
    calls,
    commands,
    /** Does something outside of any plan, at once. */
    outside: (operation: Operation) => real.perform(operation, { begin: async () => undefined }),
    machines: async (): Promise<readonly MachineFacts[]> =>
      (await real.observe({ settings: true, default: false })).machines,
    settings: async () => (await real.observe({ settings: true, default: true })).settings,
    default: async () => (await real.observe({ settings: true, default: true })).default,
  };
}

/** What one run is made of. */
export interface Scene {
  readonly actions: readonly Action[];
  readonly settled?: readonly DesiredResource[];
  readonly prior?: { readonly [address: string]: ResourceState };
  readonly plan?: Partial<Plan>;
  readonly options?: Partial<ExecuteOptions>;
  /** Where the journal's records go; default: an array of its own. */
  readonly journal?: JournalRecord[];
  /** A journal that fails from this record on, counting from 0. */
  readonly journalFailsAt?: number;
}

/** What one run left behind. */
export interface Played extends ExecutionResult {
  readonly journal: readonly JournalRecord[];
  readonly events: readonly ExecuteEvent[];
  readonly claims: ReadonlyMap<string, string>;
  /** How the actions ended, by id. */
  readonly endings: { readonly [action: string]: string };
}

/** Carries out a plan of these actions on a world. */
export async function play(world: TestWorld, scene: Scene): Promise<Played> {
  const journal = scene.journal ?? [];
  const events: ExecuteEvent[] = [];
  const claims = new Map<string, string>();
  const result = await execute({
    plan: planOf(scene),
    prior: snapshotOf(scene.prior ?? {}),
    ports: {
      driver: world.driver,
      clock: world.clock,
      journal: {
        write: async (record) => {
          if (journal.length === scene.journalFailsAt) throw new Error("disk full");
          journal.push(record);
        },
      },
      claims: {
        write: async (key, address) => void claims.set(key, address),
        remove: async (key) => void claims.delete(key),
      },
      archives: memoryArchives({ clock: world.clock, read: () => new Uint8Array() }),
      digest,
      hashText,
      writeUserData: async () => "/tmp/user-data",
      readSource: async () => undefined,
      readHidden: () => undefined,
    },
    options: {
      limits: DEFAULT_LIMITS,
      failFast: false,
      knownIds: (await world.machines()).map((machine) => machine.id),
      remainingMs: remainingMs(scene.actions),
      onEvent: (event) => events.push(event),
      ...scene.options,
    },
  });
  const endings = Object.fromEntries([...result.results].map(([id, { status }]) => [id, status]));
  return { ...result, journal, events, claims, endings };
}

/** Hex SHA-256 of a value's JSON. */
function digest(value: Json): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function planOf({ actions, settled = [], plan = {} }: Scene): Plan {
  return {
    format: 1,
    mode: "normal",
    stack: "dev",
    world: WORLD,
    lineage: "lineage",
    serial: 3,
    changes: [],
    drift: [],
    actions,
    refreshed: {},
    settled: Object.fromEntries(settled.map((each) => [each.address, each])),
    outputs: {},
    outputChanges: [],
    diagnostics: [],
    allGone: false,
    summary: { add: 0, change: 0, destroy: 0, forget: 0, adopt: 0 },
    ...plan,
  };
}

function snapshotOf(resources: { readonly [address: string]: ResourceState }): Snapshot {
  return { format: 1, stack: "dev", world: WORLD, lineage: "lineage", serial: 3, resources, outputs: {} };
}

const NO_FILES: MacFiles = {
  read: () => new Uint8Array(),
  write: () => undefined,
  readTree: () => undefined,
  writeTree: () => undefined,
  resolve: (path) => path,
  isDirectory: () => false,
};

function parseFault(text: string) {
  const [, name = "", glob = null, value = null] = /^([^:=]+)(?::([^=]*))?(?:=(.*))?$/.exec(text) ?? [];
  return { name, glob, value };
}
