import { join } from "node:path";
import type { Driver } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import { OrbformError, isOrbformError } from "../model/errors.ts";
import { isSettled, nameKey, type MachineFacts, type MachineName } from "../model/machine.ts";
import { interrupted } from "./errors.ts";
import type { ArchivePorts, Watching } from "./ports.ts";
import { abandoned, watched } from "./watched.ts";
import { claimWork, sweepLeft } from "./work.ts";

/** Which archive becomes which machine. The caller has verified it, or was told not to. */
export interface RestoreRequest extends Watching {
  /** Absolute. */
  readonly path: string;
  readonly name: MachineName;
  /** Awaited once the name is known to be free, and before anything is begun: rejects where the archive must not be used. */
  readonly verify: () => Promise<void>;
  /** Orbform's own folder: what is under way is written down in it. */
  readonly home: string;
  /** Milliseconds until orbctl is stopped. */
  readonly timeoutMs: number;
}

/** A machine that was made from an archive. */
export interface RestoredMachine {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  /** OrbStack's answer was lost, and the machine was found by its name. */
  readonly answerLost: boolean;
}

/**
 * Makes a machine from an archive. Errors: `ORB_NAME_TAKEN`, and those of the driver; where the answer was lost and no
 * machine is seen, the error says that one may still appear.
 */
export async function restoreArchive(ports: ArchivePorts, request: RestoreRequest): Promise<RestoredMachine> {
  const parent = join(request.home, "restores");
  await ports.disk.makeFolder(parent);
  await sweepLeft(ports, parent);
  const work = await claimWork(ports, { parent, machine: { id: "", name: request.name } }, request);
  try {
    const driver = await ports.openDriver(work.scratch);
    const known = await checkFree(driver, request.name);
    await request.verify();
    if (request.stopStarting.aborted) throw interrupted("No machine was made.", "Run it again when you are ready.");
    const ended = await watched({
      ...request,
      driver,
      clock: ports.clock,
      operation: { verb: "restore", path: request.path, name: request.name },
      begin: (child) => (child === null ? Promise.resolve() : work.note({ child })),
    });
    if (ended.status === "abandoned") throw abandoned(`a machine named ${request.name} may appear.`);
    return await outcome({ ports, driver, request, known }, ended);
  } finally {
    if (!request.stopWaiting.aborted) await work.end().catch(() => undefined);
  }
}

/** The ids of all machines there are; none of them has the name. */
async function checkFree(driver: Driver, name: string): Promise<ReadonlySet<string>> {
  const machines = await list(driver);
  const holder = machines.find((each) => nameKey(each.name) === nameKey(name));
  if (holder === undefined) return new Set(machines.map((each) => each.id));
  throw new OrbformError("ORB_NAME_TAKEN", {
    summary: "The machine's name is taken",
    detail: `There is a machine named ${holder.name} (${holder.id}, ${holder.state}). It was not touched, and none was made.`,
    hint: "Choose another name with --name.",
  });
}

interface Looking {
  readonly ports: ArchivePorts;
  readonly driver: Driver;
  readonly request: RestoreRequest;
  readonly known: ReadonlySet<string>;
}

/** A machine on its way is given this long when the answer was lost; one that is not seen at all, less. */
const PATIENCE_MS = 60_000;
const UNSEEN_MS = 5000;
const LOOK_AGAIN_MS = 1000;

async function outcome(
  looking: Looking,
  ended: { readonly status: "done" } | { readonly status: "failed"; readonly error: unknown },
): Promise<RestoredMachine> {
  if (ended.status === "failed" && !mayHaveBeenDone(ended.error)) throw ended.error;
  const found = await look(looking, ended).catch((error: unknown) => {
    throw unclear(ended.status === "failed" ? ended.error : error, looking.request.name);
  });
  if (found === undefined) throw unclear(ended.status === "failed" ? ended.error : undefined, looking.request.name);
  const { id, name, state } = found;
  return { id, name, state, answerLost: ended.status === "failed" };
}

function mayHaveBeenDone(error: unknown): boolean {
  return !isDriverError(error) || error.outcome === "unknown" || error.outcome === "done";
}

/** By name, and by an id that was not there before: never somebody else's machine. */
async function look(
  { ports, driver, request, known }: Looking,
  ended: { status: string },
): Promise<MachineFacts | undefined> {
  const begun = ports.clock.now();
  for (;;) {
    const machines = await list(driver);
    const found = machines.find((each) => nameKey(each.name) === nameKey(request.name) && !known.has(each.id));
    const isEnough = found !== undefined && (isSettled(found.state) || ended.status === "done");
    const isOver = ports.clock.now() >= begun + (found === undefined ? UNSEEN_MS : PATIENCE_MS);
    if (isEnough || isOver || request.stopStarting.aborted) return found;
    await ports.clock.sleep(LOOK_AGAIN_MS, request.stopStarting).catch(() => undefined);
  }
}

async function list(driver: Driver): Promise<readonly MachineFacts[]> {
  return (await driver.observe({ settings: false, default: false })).machines;
}

function unclear(error: unknown, name: string): OrbformError {
  const why = isOrbformError(error) ? `${error.detail} ` : "OrbStack said that it was made. ";
  return new OrbformError(isOrbformError(error) ? error.code : "ORB_ACTION_FAILED", {
    summary: "It is not known whether it was restored",
    detail: `${why}No machine named ${name} is seen; one may still appear. Nothing else was changed.`,
    hint: 'Look at "orbctl list" before you try again.',
    cause: error,
  });
}
