import { join } from "node:path";
import type { ChildRef, Driver, Operation } from "../driver/driver.ts";
import { DriverError, isDriverError } from "../driver/errors.ts";
import { ARCHIVE_FORMAT, type ArchiveMetadata, type Reading } from "../model/archive.ts";
import { OrbformError, isOrbformError } from "../model/errors.ts";
import { nameKey } from "../model/machine.ts";
import { isNodeError, reason } from "../state/disk-errors.ts";
import { archiveFile, archiveStem, sidecarFile } from "./archive-name.ts";
import { fileSize, place, settleFile } from "./big-files.ts";
import { interrupted, isDamaged, unwritable } from "./errors.ts";
import type { Found } from "./find-machine.ts";
import { encodeMetadata } from "./metadata.ts";
import type { ArchivePorts, Watching } from "./ports.ts";
import { readArchive, type Examined } from "./read-archive.ts";
import { damageText } from "./verify.ts";
import { abandoned, type Ended } from "./watched.ts";
import { claimWork, sweepLeft, type Work } from "./work.ts";

/** Which machine is exported, and where to. */
export interface ExportRequest extends Watching {
  /** Absolute; made where missing. */
  readonly folder: string;
  readonly machine: Found;
  readonly address?: string;
  /** The mark of the resource that it is made for. */
  readonly series?: string;
  /** Carries out orbctl's part, and bounds the wait for it. */
  readonly carry: (call: ExportCall) => Promise<Ended>;
}

/** The operation that writes the archive. `begin` is awaited before its process may do anything. */
export interface ExportCall {
  readonly driver: Driver;
  readonly operation: Operation;
  readonly begin: (child: ChildRef | null) => Promise<void>;
}

/** An archive in place. */
export interface ExportedArchive {
  readonly path: string;
  readonly metadata: ArchiveMetadata;
  /** `damaged` never gets here. */
  readonly reading: Reading;
  /** Why it is not certain that it outlives a power failure; absent where it is. */
  readonly unsettled?: string;
}

/**
 * Exports one machine into a folder: archive and metadata, both whole and on the medium as far as that can be had, or
 * neither. Never starts or stops a machine. Errors: `ORB_ARCHIVE_UNWRITABLE`, `ORB_ARCHIVE_DAMAGED` where what orbctl wrote is not whole,
 * `ORB_ARCHIVE_BUSY`, `ORB_INTERRUPTED`, and those of the driver; nothing is in place then.
 */
export async function exportArchive(ports: ArchivePorts, request: ExportRequest): Promise<ExportedArchive> {
  const { folder, machine } = request;
  try {
    await ports.disk.makeFolder(folder);
    await sweepLeft(ports, folder);
  } catch (error) {
    throw unwritable(error, folder);
  }
  const { id, name } = machine.facts;
  const work = await claimWork(ports, { parent: folder, machine: { id, name } }, request);
  const startedAt = ports.clock.now();
  try {
    const driver = await ports.openDriver(work.scratch);
    const made = await exported({ ...request, driver, work });
    const done = await putInPlace(ports, { ...request, ...made, driver, work, startedAt });
    // What can't be removed is swept by the next run: the archive is in place.
    await work.end().catch(() => undefined);
    return done;
  } catch (error) {
    if (request.stopWaiting.aborted) throw error;
    await work.end().catch(() => undefined);
    throw withoutTrace(error, folder);
  }
}

interface Exporting extends ExportRequest {
  readonly driver: Driver;
  readonly work: Work;
}

interface Made {
  readonly temporary: string;
  readonly examined: Examined;
}

async function exported(request: Exporting): Promise<Made> {
  const { machine, driver, work, stopStarting } = request;
  // Another ending than the contract's (3.11) might give another format.
  const temporary = join(work.folder, archiveFile("archive"));
  if (stopStarting.aborted) throw stopped();
  const ended = await request.carry({
    driver,
    operation: { verb: "export", name: machine.name, path: temporary },
    begin: (child) => (child === null ? Promise.resolve() : work.note({ child })),
  });
  if (ended.status === "abandoned") throw abandoned(`what it writes lies in ${work.folder}.`);
  if (ended.status === "failed") throw ended.error;
  if (stopStarting.aborted) throw stopped();
  await checkSame(driver, machine);
  return { temporary, examined: await examine(temporary, stopStarting) };
}

/** orbctl takes a name here, and a name may have come to be another machine's in the meantime. */
async function checkSame(driver: Driver, { facts, name }: Found): Promise<void> {
  const now = await driver.inspect({ name }, { settings: false });
  if (now?.id === facts.id) return;
  throw new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "The machine changed its name meanwhile",
    detail: `While it was exported, ${nameKey(facts.name)} came to be no machine's name, or another's: the archive may be of either.`,
    hint: "Run the command again.",
  });
}

async function examine(path: string, signal: AbortSignal): Promise<Examined> {
  const size = await fileSize(path);
  if (size === undefined || size === 0) throw notWhole(path, size === 0 ? "it is empty" : "it is not there");
  await settleFile(path);
  const examined = await readArchive(path, signal).catch((error: unknown) => {
    throw signal.aborted ? stopped(error) : error;
  });
  if (examined.reading.status === "damaged") throw notWhole(path, damageText(examined.reading));
  if ((await fileSize(path)) !== examined.sizeBytes) throw notWhole(path, "it changed while it was read");
  return examined;
}

async function putInPlace(
  ports: ArchivePorts,
  request: Exporting & Made & { readonly startedAt: number },
): Promise<ExportedArchive> {
  const { folder, work, temporary, examined } = request;
  const stem = await freeStem(folder, request);
  const path = join(folder, archiveFile(stem));
  const metadata = await metadataOf(ports, { ...request, stem });
  await work.note({ stem });
  // Written where it is swept if this dies; only whole files come out of the folder.
  const written = join(work.folder, "metadata");
  await ports.disk.replace(written, encodeMetadata(metadata), 0o600);
  const failures = [await place(written, join(folder, sidecarFile(stem))), await place(temporary, path)];
  const failure = failures.find((each) => each !== undefined);
  const unsettled = failure !== undefined && { unsettled: isNodeError(failure) ? reason(failure) : "it failed" };
  return { path, metadata, reading: examined.reading, ...unsettled };
}

/** Nobody else names archives of this machine meanwhile; one of the same second is passed by. */
async function freeStem(
  folder: string,
  { machine, startedAt }: ExportRequest & { startedAt: number },
): Promise<string> {
  for (let at = startedAt; ; at += 1000) {
    const stem = archiveStem(machine.name, at);
    const sizes = [archiveFile(stem), sidecarFile(stem)].map((file) => fileSize(join(folder, file)));
    if ((await Promise.all(sizes)).every((size) => size === undefined)) return stem;
  }
}

async function metadataOf(
  ports: ArchivePorts,
  {
    machine,
    address,
    series,
    driver,
    examined,
    stem,
    startedAt,
  }: Exporting & Made & { stem: string; startedAt: number },
): Promise<ArchiveMetadata> {
  const { id, name, image } = machine.facts;
  const { version } = await driver.capabilities();
  const world = await driver.world();
  const { reading, sizeBytes, sha256 } = examined;
  return {
    format: ARCHIVE_FORMAT,
    archive: archiveFile(stem),
    machine: { id, name },
    host: world.host,
    ...(address === undefined ? {} : { address }),
    ...(series === undefined ? {} : { series }),
    image,
    sizeBytes,
    sha256,
    createdAt: new Date(startedAt).toISOString(),
    madeBy: ports.madeBy,
    exportedBy: `${world.driver} ${version}`.trimEnd(),
    contents: reading.status === "whole" ? reading.contents : null,
  };
}

function notWhole(path: string, why: string): OrbformError {
  return isDamaged(path, `what orbctl exported is not whole: ${why}`, "It was removed.");
}

function stopped(cause?: unknown): OrbformError {
  return interrupted("The export was not put in place.", "Run it again when you are ready.", cause);
}

/** The same error, with what it means for the folder, and for machines where that is known. */
function withoutTrace(error: unknown, folder: string): unknown {
  const told = unwritable(error, folder);
  if (!isOrbformError(told)) return told;
  const { code, summary, detail, hint, cause } = told;
  const machines = isDriverError(told) && told.outcome === "unknown" ? "" : "; no machine was started or stopped";
  const facts = {
    summary,
    detail: `${detail} No archive was put into ${folder}${machines}.`,
    ...(hint === undefined ? {} : { hint }),
    cause: cause ?? told,
  };
  // What is certain of the machine stays told.
  return isDriverError(told) ? new DriverError(code, { ...facts, ...certain(told) }) : new OrbformError(code, facts);
}

function certain({ kind, outcome }: DriverError): Pick<DriverError, "kind" | "outcome"> {
  return { kind, outcome };
}
