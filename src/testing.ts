/**
 * What a stack's tests import (`"orbform/testing"`): plans and applies stacks on a simulated OrbStack in memory. No Mac,
 * no processes, no files written, and no waiting: the world's time passes at once.
 */
import { memoryArchives } from "./archive/memory-archives.ts";
import type { Archives } from "./archive/archives.ts";
import { readPolicies } from "./desired/read-policies.ts";
import { readStack } from "./desired/read-stack.ts";
import { isStack } from "./desired/evaluate.ts";
import { placeOf } from "./desired/place-of.ts";
import type { Driver } from "./driver/driver.ts";
import type { OrbctlExec } from "./driver/orbctl/call.ts";
import { orbctlDriver } from "./driver/orbctl/driver.ts";
import { parseFaults } from "./driver/simulator/faults.ts";
import type { MacFiles } from "./driver/simulator/host.ts";
import { inMemoryExec, inMemoryWorld } from "./driver/simulator/in-memory.ts";
import { overlaidFiles } from "./driver/simulator/mac-files.ts";
import { ONE_PROCESS } from "./driver/simulator/one-process.ts";
import { virtualClock, type VirtualClock } from "./driver/simulator/virtual-clock.ts";
import { applyStack, planStack } from "./engine.ts";
import { PLAIN_REQUEST, type EnginePorts, type PlanRequest, type Stack } from "./engine-types.ts";
import { limitsWith } from "./model/limits.ts";
import { OrbformError } from "./model/errors.ts";
import { refuseErrors } from "./plan/refuse.ts";
import type { TestApply, TestRunOptions, TestWorld, TestWorldOptions } from "./testing-types.ts";
import { claimsIn } from "./state/claims.ts";
import { digest, hashText } from "./state/digest.ts";
import type { HostIdentity } from "./state/host.ts";
import { localBackend } from "./state/local.ts";
import { memoryDisk, type MemoryDisk } from "./state/memory-disk.ts";
import { statePaths } from "./state/paths.ts";

export { isEmpty } from "./plan/is-empty.ts";
export type { TestApply, TestRunOptions, TestWorld, TestWorldOptions } from "./testing-types.ts";
export type { Applied } from "./engine-types.ts";
export type { ExecuteEvent } from "./model/execute-event.ts";
export type { Diagnostic } from "./model/diagnostic.ts";
export type { MachineFacts } from "./model/machine.ts";
export type { Plan } from "./model/plan.ts";
export type { PolicyFinding, PolicyReport } from "./model/policy.ts";
export type { Snapshot } from "./model/snapshot.ts";

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
    judge: async (stack, run = {}) => {
      const read = await readStackValue(stack, run);
      const { plan, policy } = await planStack(portsOf(read.value.stack, run.env), read, requestOf(run));
      refuseErrors(plan.diagnostics);
      return policy;
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
    policies: readPolicies(run.policies ?? [], { of: "the test", place: undefined }),
  });
  refuseErrors(read.diagnostics);
  return { value: read.value, diagnostics: read.diagnostics, policies: read.policies };
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
