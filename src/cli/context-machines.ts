/** The composition root of commands that only look at machines: they need a driver, and no stack has to be there. */
import type { Driver } from "../driver/driver.ts";
import { systemProcesses as processes } from "../driver/processes.ts";
import { loadProject, stackFile } from "../desired/load-stack.ts";
import type { Project } from "../desired/project.ts";
import { inventoryOf, type InventoryRequest, type KnowingPorts } from "../engine-machines.ts";
import {
  connectionOf,
  logOf,
  probeFrom,
  statusOf,
  type Probed,
  type ProbeRequest,
  type StatusRequest,
} from "../engine-probe.ts";
import type { Connection } from "../model/connection.ts";
import { isOrbformError } from "../model/errors.ts";
import type { Inventory } from "../model/inventory.ts";
import type { MachineStatus } from "../model/probe.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { hostIdentity } from "../state/host.ts";
import { localBackend } from "../state/local.ts";
import { nodeDisk } from "../state/node-disk.ts";
import { statePaths } from "../state/paths.ts";
import { readPrior } from "../state/read-prior.ts";
import type { OpenOptions } from "./context.ts";
import { systemClock } from "./context-clock.ts";
import { chooseDriver, openDriver, orbformHome, type DriverChoice } from "./context-driver.ts";

/** Machines as they are looked at, beside the state of a stack where there is one. */
export interface Machines {
  /** Errors: those of {@link inventoryOf}. */
  inventory(request: InventoryRequest): Promise<Inventory>;
  /** Errors: those of {@link probeFrom}. */
  probe(request: ProbeRequest): Promise<Probed>;
  status(request: StatusRequest): Promise<readonly MachineStatus[]>;
  /** The boot log of the machine that a word means. */
  log(word: string): Promise<{ readonly name: string; readonly log: string }>;
  connection(word: string): Promise<{ readonly name: string; readonly connection: Connection }>;
  close(): Promise<void>;
}

/** Which machines a call is about. */
export interface MachineOptions extends OpenOptions {
  /** Machines outside of any stack are meant too: then no stack has to be found. */
  readonly all: boolean;
}

/** Opens the machines of a project. Errors: `ORB_STACK_AMBIGUOUS`, `ORB_STACK_NOT_FOUND` for a stack that was named, `ORB_NO_ORBCTL`. */
export async function openMachines(options: MachineOptions): Promise<Machines> {
  const project = await loadProject(options);
  const choice = chooseDriver({
    flag: options.driver,
    config: project.driver,
    root: project.root,
    env: options.processEnv,
  });
  const prior = await priorOf(options, project, choice);
  const driver = await driverOf(options, project, choice);
  const ports: KnowingPorts = { driver, clock: systemClock, prior };
  return {
    inventory: (request) => inventoryOf(ports, request),
    probe: (request) => probeFrom(ports, request),
    status: (request) => statusOf(ports, request),
    log: (word) => logOf(ports, word),
    connection: (word) => connectionOf(ports, word),
    close: () => driver.close(),
  };
}

function driverOf(options: MachineOptions, project: Project, choice: DriverChoice): Promise<Driver> {
  const { scratch } = statePaths(choice.stateFolder ?? project.stateFolder, "machines");
  return openDriver({ choice, disk: nodeDisk(), env: options.processEnv, cwd: options.cwd, scratch });
}

async function priorOf(options: MachineOptions, project: Project, choice: DriverChoice): Promise<Snapshot | undefined> {
  const name = stackName(options, project);
  if (name === undefined) return undefined;
  const disk = nodeDisk();
  const paths = statePaths(choice.stateFolder ?? project.stateFolder, name, options.env);
  const host = () => hostIdentity(disk, orbformHome(options.processEnv));
  const backend = localBackend({ disk, path: paths.snapshot, clock: systemClock, hostIdentity: host, processes });
  return (await readPrior({ backend, disk, paths, host, processes })).snapshot;
}

/** The stack that is meant; `undefined` where there is none, or where all machines are and no one stack is. */
function stackName(options: MachineOptions, project: Project): string | undefined {
  try {
    return stackFile(project, options).name;
  } catch (error) {
    if (options.stack !== undefined || !isOrbformError(error)) throw error;
    if (error.code === "ORB_STACK_NOT_FOUND") return undefined;
    if (error.code === "ORB_STACK_AMBIGUOUS" && options.all) return undefined;
    throw error;
  }
}
