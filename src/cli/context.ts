/** The composition root: which adapters stand behind the engine's ports for this call. Each is made when first needed. */
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { Driver } from "../driver/driver.ts";
import { systemProcesses as processes } from "../driver/processes.ts";
import { failLoad, toldLate } from "../desired/guard-load.ts";
import { loadProject, loadStack, stackFile } from "../desired/load-stack.ts";
import { adoptAll, adoptMachine, applyStack, editState, planStack } from "../engine.ts";
import type {
  AdoptAllCall,
  AdoptCall,
  Applied,
  ApplyRequest,
  EditPorts,
  EnginePorts,
  Planned,
  PlanRequest,
  Stack,
} from "../engine-types.ts";
import { limitsWith } from "../model/limits.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { OrbformError } from "../model/errors.ts";
import type { PlanMade, Watch } from "../model/happening.ts";
import type { Snapshot, World } from "../model/snapshot.ts";
import type { LockInfo } from "../state/backend.ts";
import { claimsIn } from "../state/claims.ts";
import { digest, hashText } from "../state/digest.ts";
import type { Disk } from "../state/disk.ts";
import { hostIdentity } from "../state/host.ts";
import { localBackend } from "../state/local.ts";
import { nodeDisk } from "../state/node-disk.ts";
import { fileWord, statePaths } from "../state/paths.ts";
import type { KeptPlans } from "./context-plan-file.ts";
import { systemClock } from "./context-clock.ts";
import { driverOf, openDriver, orbformHome, worldOf, type DriverChoice } from "./context-driver.ts";
import { stateSide, type StateSide } from "./context-state.ts";
import type { StatePlace } from "./context-untrusted.ts";
import { storedArchives } from "./context-stored.ts";
import { watchStrays } from "./strays.ts";
import { VERSION } from "./version.ts";

// In one file with what plans need: each file costs them time to load.
export { openMachines } from "./context-machines.ts";

/** Which project, stack and machines a call is about. */
export interface OpenOptions {
  readonly stack?: string;
  /** The stack's file, seen from the project's folder: what a plan file says. */
  readonly stackFromRoot?: string;
  readonly env?: string;
  readonly driver?: string;
  readonly cwd: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly varFiles: readonly string[];
  readonly processEnv: { readonly [name: string]: string | undefined };
  /** Where the checkout is not trusted: nothing of it is run in this process. @default it is */
  readonly untrusted?: { readonly config?: string | undefined } | undefined;
  /** Told of every call, plan and action; absent: nobody is. */
  readonly watch?: Watch | undefined;
  /** Told what is driven, once that is chosen. */
  readonly driving?: ((kind: DriverChoice["kind"]) => void) | undefined;
}

/** A stack, and what is to be said of how it was loaded. */
export interface LoadedStack extends Stack {
  readonly notices?: readonly string[];
}

/** One stack of a project, as commands work on it. */
export interface Project extends StateSide {
  /** The stack's name, and its file. */
  readonly found: { readonly name: string; readonly file: string };
  /** Loads the stack. What is wrong with it is in the diagnostics; throws where there is nothing to check. */
  validate(): Promise<LoadedStack>;
  /** Errors: `ORB_STACK_INVALID`-like ones of the stack, and those of {@link planStack}. */
  plan(request: PlanRequest): Promise<Planned & { readonly applyInProgress?: LockInfo }>;
  apply(request: Omit<ApplyRequest, "limits"> & { readonly parallelism?: number }): Promise<Applied>;
  adopt(call: Omit<AdoptCall, "limits">): Promise<Applied>;
  /** Every machine of the stack that is there and not in state. */
  adoptAll(call: Omit<AdoptAllCall, "limits">): Promise<Applied>;
  /** Plans that are kept in files. */
  kept(): Promise<KeptPlans>;
  /** Names of this stack's snapshot files, one for each environment: `web.json`, `web.prod.json`. */
  stateFiles(): Promise<readonly string[]>;
  /** Makes the state speak of this host's OrbStack. */
  rehost(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** Opens the project around a folder. Finds the stack's file, but loads nothing yet and asks no machine. */
export async function openProject(given: OpenOptions): Promise<Project> {
  watchStrays({ failLoad, told: toldLate });
  const project = await loadProject(given);
  const options = await inProject(given, project);
  const { choice, driver, fixed, found, state } = await adaptersOf(project, options);
  const { backend, disk } = fixed;
  const ports = async (): Promise<EnginePorts> => ({ ...fixed, driver: await driver() });
  const stack = once(() => loadHere({ ...options, project }));
  const usable = async (): Promise<LoadedStack> => refuseBroken(await stack());
  const limits = (parallelism: number | undefined) => limitsOf(project.limits, parallelism);
  const tell = (told: Told) => watched(told, options.watch);
  const quietly = <C extends Told>(call: C) => ({ ...call, ...tell(call), limits: limits(undefined) });
  const keeping = () => ({ ports, stack: usable, limits, tell, file: found.file, project });
  return {
    found,
    validate: stack,
    plan: async (request) => {
      // orbctl tells whether OrbStack runs while the stack is loaded. A driver that can't be had is told below.
      await driver().catch(() => undefined);
      const [loaded, holder] = [await usable(), await backend.holder()];
      const untrusted = options.untrusted !== undefined;
      const notices = [...(loaded.notices ?? []), ...state.notices];
      const planned = withNotices(await planStack(await ports(), loaded, { ...request, untrusted }), notices);
      options.watch?.(planMade(planned));
      return holder === undefined ? planned : { ...planned, applyInProgress: holder };
    },
    apply: async ({ parallelism, ...request }) => {
      const loaded = await usable();
      const told = { ...request, ...tell(request), limits: limits(parallelism) };
      return await applyStack(await ports(), loaded, told);
    },
    adopt: async (call) => adoptMachine(await ports(), await usable(), quietly(call)),
    adoptAll: async (call) => adoptAll(await ports(), await usable(), quietly(call)),
    kept: async () => (await import("./context-plan-file.ts")).keptPlans(keeping()),
    stateFiles: () => snapshotsBeside(disk, fixed.paths.snapshot, found.name),
    ...stateSide(fixed),
    rehost: async () => rehosted(fixed, await worldOf(choice, disk)),
    close: async () => closeIfMade(driver),
  };
}

/** A plan file names its stack as the project sees it. */
async function inProject(options: OpenOptions, { root }: { readonly root: string }): Promise<OpenOptions> {
  if (options.stackFromRoot === undefined) return options;
  return { ...options, stack: (await import("./context-plan-file.ts")).stackIn(root, options.stackFromRoot) };
}

/** What loads a stack that is not trusted is loaded for such a one only. */
async function loadHere(options: Parameters<typeof loadStack>[0]): Promise<LoadedStack> {
  if (options.untrusted === undefined) return await loadStack(options);
  const { loadUntrusted } = await import("../desired/untrusted/load-untrusted.ts");
  return await loadUntrusted(options);
}

function withNotices(planned: Planned, notices: readonly string[]): Planned {
  return notices.length === 0 ? planned : { ...planned, notices: [...notices, ...planned.notices] };
}

/** The adapters of a call. What is slow to make is made once, when it is first needed. */
async function adaptersOf(project: Awaited<ReturnType<typeof loadProject>>, options: OpenOptions) {
  const { processEnv: env, cwd, watch } = options;
  const choice = driverOf(project, options);
  const disk = nodeDisk();
  const found = stackFile(project, options);
  const state = await stateOf(project, choice, options);
  const paths = statePaths(state.folder, found.name, options.env);
  const host = once(() => hostIdentity(disk, orbformHome(env)));
  const clock = systemClock;
  const backend = localBackend({ disk, path: paths.snapshot, clock, hostIdentity: host, processes });
  const claims = claimsIn({ disk, folder: join(choice.home, "claims"), statePath: paths.snapshot });
  const archives = storedArchives({
    root: project.root,
    madeBy: `orbform ${VERSION}`,
    disk,
    clock,
    processes,
    host,
    scratchOf: (run) => join(choice.home, "backups", run),
  });
  const driver = once(() => openDriver({ choice, disk, env, cwd, scratch: paths.scratch, watch }));
  const newLineage = randomUUID;
  return {
    choice,
    driver,
    found,
    state,
    fixed: { backend, clock, disk, paths, claims, archives, host, processes, digest, hashText, newLineage },
  };
}

/** Where the state lies. What chooses it for a checkout that is not trusted is loaded for such a one only. */
async function stateOf(
  project: Awaited<ReturnType<typeof loadProject>>,
  choice: DriverChoice,
  { untrusted, processEnv }: OpenOptions,
): Promise<StatePlace> {
  if (untrusted === undefined) return { folder: choice.stateFolder ?? project.stateFolder, notices: [] };
  const { untrustedState } = await import("./context-untrusted.ts");
  return untrustedState(project, choice, processEnv);
}

type Told = Pick<ApplyRequest, "onPlan" | "onEvent">;

/** Who is told of a plan and of what is done, and whoever watches before them. */
function watched(told: Told, watch: Watch | undefined): Told {
  if (watch === undefined) return told;
  return {
    onPlan: (planned) => {
      watch(planMade(planned));
      return told.onPlan(planned);
    },
    onEvent: (event) => {
      watch(event);
      told.onEvent(event);
    },
  };
}

function planMade({ plan }: Planned): PlanMade {
  return { event: "planned", at: systemClock.now(), plan };
}

function rehosted(ports: EditPorts, world: World): Promise<Snapshot> {
  return editState(ports, "state rehost", (snapshot) => ({ ...snapshot, world }));
}

async function snapshotsBeside(disk: Disk, snapshot: string, stack: string): Promise<readonly string[]> {
  const files = await disk.list(dirname(snapshot));
  return files.filter((each) => each.startsWith(`${fileWord(stack)}.`) && each.endsWith(".json"));
}

interface Once<T> {
  (): Promise<T>;
  /** What was made, if it was. */
  made?: Promise<T>;
}

function once<T>(make: () => Promise<T>): Once<T> {
  const get: Once<T> = () => (get.made ??= make());
  return get;
}

async function closeIfMade(driver: Once<Driver>): Promise<void> {
  const made = await driver.made?.catch(() => undefined);
  await made?.close();
}

function limitsOf(configured: { readonly [kind: string]: number }, parallelism: number | undefined) {
  const { global, ...byKind } = configured;
  const most = parallelism ?? global;
  return limitsWith({ byKind, ...(most === undefined ? {} : { global: most }) });
}

/** A stack with errors is neither planned nor applied: throws the first, which carries the others. */
function refuseBroken(stack: LoadedStack): LoadedStack {
  if (!hasErrors(stack.diagnostics)) return stack;
  const [first, ...others] = stack.diagnostics.filter((each) => each.severity === "error");
  if (first === undefined) return stack;
  throw new OrbformError(first.code, { ...first, others, notices: stack.notices ?? [] });
}
