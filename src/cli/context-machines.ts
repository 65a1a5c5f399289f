import { join } from "node:path";
import type { Driver } from "../driver/driver.ts";
import { loadProject, stackFileIfAny } from "../desired/load-stack.ts";
import type { Clock } from "../model/clock.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { nodeDisk } from "../state/node-disk.ts";
import { statePaths } from "../state/paths.ts";
import { readPrior } from "../state/read-prior.ts";
import { systemProcesses as processes } from "../driver/processes.ts";
import { hostIdentity } from "../state/host.ts";
import { localBackend } from "../state/local.ts";
import { systemClock } from "./context-clock.ts";
import { driverOf, openDriver, orbformHome } from "./context-driver.ts";
import type { OpenOptions } from "./context.ts";

/** The machines of this computer, with or without a stack. */
export interface Machines {
  readonly driver: Driver;
  readonly clock: Clock;
  /** The stack's state, with an interrupted run's journal folded in; reads only. Errors: where there are several stacks. */
  readonly snapshot: () => Promise<Snapshot | undefined>;
}

/** Opens the machines. A stack is looked for only once its state is asked for. Errors: `ORB_NO_ORBCTL`, `ORB_USAGE`. */
export async function openMachines(options: Omit<OpenOptions, "vars" | "varFiles">): Promise<Machines> {
  const { processEnv: env, cwd, watch } = options;
  const project = await loadProject(options);
  const choice = driverOf(project, options);
  const disk = nodeDisk();
  const scratch = join(choice.home, "scratch");
  const driver = await openDriver({ choice, disk, env, cwd, scratch, watch });
  const snapshot = async (): Promise<Snapshot | undefined> => {
    const found = stackFileIfAny(project, options);
    if (found === undefined) return undefined;
    const paths = statePaths(choice.stateFolder ?? project.stateFolder, found.name, options.env);
    const host = (): ReturnType<typeof hostIdentity> => hostIdentity(disk, orbformHome(env));
    const backend = localBackend({ disk, path: paths.snapshot, clock: systemClock, hostIdentity: host, processes });
    return (await readPrior({ backend, disk, paths, host, processes })).snapshot;
  };
  return { driver, clock: systemClock, snapshot };
}
