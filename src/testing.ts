/**
 * What a stack's tests import (`"orbform/testing"`): plans and applies stacks on a simulated OrbStack in memory. No Mac,
 * no processes, no files written, and no waiting: the world's time passes at once.
 */
import { memoryArchives } from "./archive/memory-archives.ts";
import type { Archives } from "./archive/archives.ts";
import { readStack } from "./desired/read-stack.ts";
import { isStack } from "./desired/evaluate.ts";
import { placeOf } from "./desired/place-of.ts";
import type { Driver } from "./driver/driver.ts";
import type { OrbctlExec, OrbctlOutput } from "./driver/orbctl/call.ts";
import { orbctlDriver } from "./driver/orbctl/driver.ts";
import { parseFaults } from "./driver/simulator/faults.ts";
import type { MacFiles } from "./driver/simulator/host.ts";
import { inMemoryExec, inMemoryWorld } from "./driver/simulator/in-memory.ts";
import { overlaidFiles } from "./driver/simulator/mac-files.ts";
import { ONE_PROCESS } from "./driver/simulator/one-process.ts";
import { virtualClock, type VirtualClock } from "./driver/simulator/virtual-clock.ts";
import { applyStack, planStack } from "./engine.ts";
import { PLAIN_REQUEST, type Applied, type EnginePorts, type PlanRequest, type Stack } from "./engine-types.ts";
import type { ExecuteEvent } from "./model/execute-event.ts";
import { limitsWith } from "./execute/limits.ts";
import type { Diagnostic } from "./model/diagnostic.ts";
import { OrbformError } from "./model/errors.ts";
import type { MachineFacts } from "./model/machine.ts";
import type { Plan } from "./model/plan.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { refuseErrors } from "./plan/refuse.ts";
import type { Stack as StackFile } from "./stack/define-stack.ts";
import { claimsIn } from "./state/claims.ts";
import { digest, hashText } from "./state/digest.ts";
import type { HostIdentity } from "./state/host.ts";
import { localBackend } from "./state/local.ts";
import { memoryDisk, type MemoryDisk } from "./state/memory-disk.ts";
import { statePaths } from "./state/paths.ts";

export { isEmpty } from "./plan/is-empty.ts";
export type { Applied } from "./engine-types.ts";
export type { ExecuteEvent } from "./model/execute-event.ts";
export type { Diagnostic } from "./model/diagnostic.ts";
export type { MachineFacts } from "./model/machine.ts";
export type { Plan } from "./model/plan.ts";
export type { Snapshot } from "./model/snapshot.ts";

/** What a test's world is like. Everything has a default. */
export interface TestWorldOptions {
  /** OrbStack's version, which decides what it can do. @default the newest the simulator knows */
  readonly version?: string;
  /** Faults, as `ORBCTL_SIM_FAULTS` spells them: `"create-missing-ip:web-*"`. @default none */
  readonly faults?: string;
  /** Factor on the real durations, on the world's own clock. @default 0: everything is done at once */
  readonly latency?: number;
  /** Where chance begins: the same seed, the same run. @default 1 */
  readonly seed?: number;
}

/** What a stack is planned or applied with. */
export interface TestRunOptions {
  /** The stack's inputs. @default none */
  readonly inputs?: { readonly [name: string]: unknown };
  /** As `--env`. @default none */
  readonly env?: string;
  /** The stack's name, as its file would give it. @default its own `name`, else "stack" */
  readonly name?: string;
  /** The folder that paths in the stack are relative to. @default the current one */
  readonly root?: string;
  /** As the options of `orb plan`: targets, `replace`, `mode: "destroy"` … @default a plain plan */
  readonly plan?: Partial<PlanRequest>;
  /** How many actions may run at once. @default 10, as everywhere */
  readonly parallelism?: number;
  /** Told of everything that happens in an apply. */
  readonly onEvent?: (event: ExecuteEvent) => void;
}

/** How an apply went. */
export interface TestApply {
  readonly plan: Plan;
  readonly applied: Applied;
  /** What went wrong: one for each action that failed or whose outcome is unknown. */
  readonly problems: readonly Diagnostic[];
}

/** A simulated OrbStack in memory, with the state of every stack that was applied to it. */
export interface TestWorld {
  /** Plans a stack against the world as it is. Mistakes of the stack throw; other errors are in `plan.diagnostics`. */
  plan(stack: StackFile, options?: TestRunOptions): Promise<Plan>;
  /** Plans a stack and carries the plan out. Throws where the plan has errors; an action that fails is in `problems`. */
  apply(stack: StackFile, options?: TestRunOptions): Promise<TestApply>;
  /** Every machine there is, of whatever stack or of none. */
  machines(): Promise<readonly MachineFacts[]>;
  /** OrbStack's settings, by key. */
  settings(): Promise<Readonly<Record<string, unknown>>>;
  /** The state of a stack, by name; `undefined` where it was never applied. */
  snapshot(name?: string, env?: string): Promise<Snapshot | undefined>;
  /** Calls `orbctl` in this world: whatever somebody may do outside of any stack, and the simulator's own `sim` words. */
  orbctl(...argv: readonly string[]): Promise<Pick<OrbctlOutput, "stdout" | "stderr" | "exitCode">>;
  /** How much of the world's time has passed. Milliseconds. */
  elapsedMs(): number;
  /** How much was written to state, journal and history so far. Characters. */
  bytesWritten(): number;
}

/**
 * Makes a world in which OrbStack runs and has no machines.
 *
 * @example
 * const world = testWorld();
 * const { plan, applied } = await world.apply(stack, { inputs: { count: 3 } });
 * expect((await world.machines()).map((each) => each.name)).toEqual(["web-1", "web-2", "web-3"]);
 * expect(isEmpty(await world.plan(stack, { inputs: { count: 3 } }))).toBe(true);
 */
export function testWorld(options: TestWorldOptions = {}): TestWorld {
  const disk = memoryDisk();
  const clock = virtualClock(options.seed);
  const mac = overlaidFiles((path) => disk.text(path));
  const exec = execIn(options, { clock, mac });
  const archives = memoryArchives({ clock, read: (path) => mac.read(path) });
  const driver = orbctlDriver({ exec, clock, world: { driver: "simulator", host: HOST.hostId } });
  const portsOf = (name: string, env: string | undefined): EnginePorts =>
    ports({ driver, clock, disk, archives }, name, env);
  const everything = { settings: true, default: true } as const;
  return {
    plan: async (stack, run = {}) => {
      const read = await readStackValue(stack, run);
      return (await planStack(portsOf(read.value.stack, run.env), read, requestOf(run))).plan;
    },
    apply: async (stack, run = {}) => {
      const read = await readStackValue(stack, run);
      return apply(portsOf(read.value.stack, run.env), read, run);
    },
    machines: async () => (await driver.observe(everything)).machines,
    settings: async () => ({ ...(await driver.observe(everything)).settings }),
    snapshot: (name = "stack", env) => portsOf(name, env).backend.read(),
    orbctl: (...argv) => exec({ argv }),
    elapsedMs: () => clock.elapsed(),
    bytesWritten: () => disk.bytesWritten(),
  };
}

interface Memory {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly archives: Archives;
  readonly driver: Driver;
}

/** Commands inside machines load the sandbox, which is real work: the world's time waits for it. */
function execIn(
  { version, faults = "", latency = 0 }: TestWorldOptions,
  { clock, mac }: { readonly clock: VirtualClock; readonly mac: MacFiles },
): OrbctlExec {
  const exec = inMemoryExec(
    inMemoryWorld({
      clock,
      random: () => clock.random(),
      faults: parseFaults(faults),
      latency,
      mac,
      ...(version === undefined ? {} : { version }),
    }),
  );
  return (call) => (call.argv[0] === "run" ? clock.during(exec(call)) : exec(call));
}

const HOST: HostIdentity = {
  hostId: "00000000-0000-4000-8000-000000000000",
  bootId: "00000000-0000-4000-8000-000000000000",
  who: "test@memory",
  pid: 1,
  processStart: "1",
};

const host = (): Promise<HostIdentity> => Promise.resolve(HOST);

function ports(parts: Memory, name: string, env: string | undefined): EnginePorts {
  const { driver, clock, disk, archives } = parts;
  const paths = statePaths("/orbform/state", name, env);
  const backend = localBackend({ disk, path: paths.snapshot, clock, hostIdentity: host, processes: ONE_PROCESS });
  const claims = claimsIn({ disk, folder: "/orbform/claims", statePath: paths.snapshot });
  return {
    driver,
    backend,
    clock,
    disk,
    paths,
    claims,
    archives,
    host,
    processes: ONE_PROCESS,
    digest,
    hashText,
    newLineage: () => lineageOf(name, env),
  };
}

/** A UUID that is the same in every run: what tests print can be compared. */
function lineageOf(name: string, env: string | undefined): string {
  const hex = digest([name, env ?? null]);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function readStackValue(stack: unknown, run: TestRunOptions): Promise<Stack> {
  if (!isStack(stack)) throw noStack();
  const { name } = stack["~input"];
  const read = await readStack(stack, {
    name: run.name ?? (typeof name === "string" ? name : "stack"),
    env: run.env,
    inputs: { environment: {}, files: run.inputs ?? {}, vars: {} },
    root: run.root ?? process.cwd(),
    place: placeOf(stack["~site"].stack),
    translate: (error) => error,
  });
  refuseErrors(read.diagnostics);
  return { value: read.value, diagnostics: read.diagnostics };
}

function noStack(): OrbformError {
  return new OrbformError("ORB_STACK_INVALID", {
    summary: "That is no stack",
    detail: "A test world plans and applies what defineStack and extend give. No machine was looked at.",
    hint: 'Import the stack: import stack from "../stacks/dev.ts"',
  });
}

function requestOf(run: TestRunOptions): PlanRequest {
  return { ...PLAIN_REQUEST, ...run.plan };
}

async function apply(enginePorts: EnginePorts, stack: Stack, run: TestRunOptions): Promise<TestApply> {
  const applied = await applyStack(enginePorts, stack, {
    operation: "apply",
    plan: requestOf(run),
    limits: limitsWith(run.parallelism === undefined ? {} : { global: run.parallelism }),
    failFast: false,
    // Whoever took all machines away in a test meant to.
    recreateAll: true,
    lockTimeoutMs: 0,
    onPlan: () => undefined,
    onNotice: () => undefined,
    onEvent: run.onEvent ?? (() => undefined),
  });
  const problems = [...applied.results.values()].flatMap((each) => ("problem" in each ? [each.problem] : []));
  return { plan: applied.planned.plan, applied, problems };
}
