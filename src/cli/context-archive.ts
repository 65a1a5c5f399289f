/** What stands behind the backup commands for this call. A project is looked for, but none is needed. */
import { dirname, join, resolve } from "node:path";
import { chooseStored, newestStored, refuseUnsound, restoredName } from "../archive/choose.ts";
import { exportArchive, type ExportedArchive } from "../archive/export-archive.ts";
import { findMachine, type Wanted } from "../archive/find-machine.ts";
import { readFolder, type FolderContents } from "../archive/folder.ts";
import type { ArchivePorts, Watching } from "../archive/ports.ts";
import { carryOutPrune, planPrune, type PrunePlan, type PruneRequest } from "../archive/prune.ts";
import { restoreArchive, type RestoredMachine } from "../archive/restore.ts";
import { verifyStored } from "../archive/verify.ts";
import { watched } from "../archive/watched.ts";
import { sweepLeft } from "../archive/work.ts";
import { loadProject, stackFileIfAny } from "../desired/load-stack.ts";
import type { Project } from "../desired/project.ts";
import { systemProcesses as processes } from "../driver/processes.ts";
import { parseAddress, type Address } from "../model/address.ts";
import type { Stored, Verdict } from "../model/archive.ts";
import { hostIdentity } from "../state/host.ts";
import { localBackend } from "../state/local.ts";
import { nodeDisk } from "../state/node-disk.ts";
import { statePaths, type StatePaths } from "../state/paths.ts";
import { readPrior } from "../state/read-prior.ts";
import { systemClock } from "./context-clock.ts";
import { driverOf, openDriver, orbformHome, type DriverChoice } from "./context-driver.ts";
import type { OpenOptions } from "./context.ts";
import { unknownAddress } from "./show-snapshot.ts";

/** A restore as it is asked for. */
export interface RestoreCall extends Watching {
  /** A file's name or path, or a machine's name: then its newest archive. */
  readonly which: string;
  /** Absolute. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly verify: boolean;
  readonly timeoutMs: number;
}

/** The backup commands' side of archives. Folders are absolute. */
export interface Backups {
  create(
    which: string,
    call: Watching & { readonly folder: string; readonly timeoutMs: number },
  ): Promise<ExportedArchive>;
  list(folder: string): Promise<FolderContents>;
  /** Verifies one archive after the other; each is told as soon as it is judged. */
  verify(call: VerifyCall): Promise<void>;
  planPrune(request: PruneRequest): Promise<PrunePlan>;
  prune(folder: string, plan: PrunePlan): Promise<readonly string[]>;
  restore(call: RestoreCall): Promise<RestoredMachine & { readonly address?: string }>;
}

/** Which archives are verified, and who is told. */
export interface VerifyCall {
  readonly folder: string;
  readonly which: string | undefined;
  readonly signal: AbortSignal;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Opens what the backup commands work on. Asks no machine. Errors: `ORB_USAGE`, `ORB_CONFIG_INVALID`. */
export async function openBackups(options: OpenOptions & { readonly madeBy: string }): Promise<Backups> {
  const { processEnv: env, cwd, madeBy, watch } = options;
  const project = await loadProject(options);
  const choice = driverOf(project, options);
  const disk = nodeDisk();
  let identity: ReturnType<typeof hostIdentity> | undefined;
  const ports: ArchivePorts = {
    disk,
    clock: systemClock,
    processes,
    host: () => (identity ??= hostIdentity(disk, orbformHome(env))),
    scratchOf: (run) => join(choice.home, "backups", run),
    openDriver: (scratch) => openDriver({ choice, disk, env, cwd, scratch, watch }),
    madeBy,
  };
  const paths = (address: Address): StatePaths =>
    statePaths(choice.stateFolder ?? project.stateFolder, stackOf(project, options, address), options.env);
  return {
    create: async (which, call) => {
      const address = parseAddress(which);
      const wanted = address === undefined ? { name: which } : await wantedBy(ports, address, paths(address));
      const driver = await ports.openDriver(call.folder);
      const machine = await findMachine({ driver, clock: systemClock }, wanted, call.stopStarting);
      return await exportArchive(ports, {
        ...call,
        machine,
        ...(address === undefined ? {} : { address }),
        carry: (given) => watched({ ...call, ...given, clock: systemClock }),
      });
    },
    list: (folder) => readFolder(ports, folder),
    verify: (call) => verify(ports, call),
    planPrune: (request) => planPrune(ports, request),
    prune: async (folder, plan) => {
      await sweepLeft(ports, folder);
      return await carryOutPrune(ports, folder, plan);
    },
    restore: (call) => restore(ports, choice, call),
  };
}

/** The stack whose state knows an address. A project without stacks has none that knows any: `ORB_ADDRESS_UNKNOWN`. */
function stackOf(project: Project, options: OpenOptions, address: Address): string {
  const found = stackFileIfAny(project, options);
  if (found === undefined) throw unknownAddress(address);
  return found.name;
}

/** The machine that a state knows for an address: by its id, whatever it is called by now. Error: `ORB_ADDRESS_UNKNOWN`. */
async function wantedBy(ports: ArchivePorts, address: Address, paths: StatePaths): Promise<Wanted> {
  const { disk, clock, host } = ports;
  const backend = localBackend({ disk, path: paths.snapshot, clock, hostIdentity: host, processes });
  const { snapshot } = await readPrior({ backend, disk, paths, host, processes });
  const resource = snapshot?.resources[address];
  if (resource?.type !== "machine" || resource.id === undefined) throw unknownAddress(address);
  return { id: resource.id, address };
}

async function verify(ports: ArchivePorts, { folder, which, signal, onVerdict }: VerifyCall): Promise<void> {
  const { stored } = await readFolder(ports, folder);
  const chosen = which === undefined ? stored : chooseStored(stored, which, folder);
  for (const each of chosen) onVerdict(await verifyStored(folder, each, signal));
}

async function restore(
  ports: ArchivePorts,
  choice: DriverChoice,
  call: RestoreCall,
): Promise<RestoredMachine & { readonly address?: string }> {
  const isPath = call.which.includes("/");
  const folder = isPath ? dirname(resolve(call.folder, call.which)) : call.folder;
  const word = isPath ? call.which.slice(call.which.lastIndexOf("/") + 1) : call.which;
  const { stored } = await readFolder(ports, folder);
  const chosen = newestStored(chooseStored(stored, word, folder), word, folder);
  const path = join(folder, chosen.file);
  const made = await restoreArchive(ports, {
    ...call,
    path,
    home: choice.home,
    name: restoredName(chosen, call.name),
    verify: async () => {
      if (call.verify) await verified(path, { folder, chosen, call });
    },
  });
  const address = chosen.kind === "no metadata" ? undefined : chosen.metadata.address;
  return { ...made, ...(address === undefined ? {} : { address }) };
}

interface Chosen {
  readonly folder: string;
  readonly chosen: Stored;
  readonly call: RestoreCall;
}

async function verified(path: string, { folder, chosen, call }: Chosen): Promise<void> {
  const verdict = await verifyStored(folder, chosen, call.stopStarting);
  refuseUnsound(path, chosen, verdict);
  if (verdict.verdict === "readable")
    call.tell(`${chosen.file} has no metadata: it reads to its end, its digest is not known.`);
  if (verdict.verdict === "same bytes")
    call.tell(`${chosen.file} is as it was exported; its contents can't be read here: ${verdict.why}.`);
}
