/** Snapshots in local files: the default backend. */
import { basename, dirname } from "node:path";
import type { Processes } from "../driver/processes.ts";
import type { Clock } from "../model/clock.ts";
import { InvariantError, OrbformError } from "../model/errors.ts";
import { SNAPSHOT_FORMAT, type Snapshot } from "../model/snapshot.ts";
import type { Backend, HeldLock, LockInfo, WriteNote } from "./backend.ts";
import { decodeSnapshot, encodeSnapshot, formatOf, parseDocument } from "./codec.ts";
import { unreadable, unwritable } from "./disk-errors.ts";
import type { Disk } from "./disk.ts";
import type { HostIdentity } from "./host.ts";
import { type LockPlace, breakLock, hasLocks, lockHolder, takeLock } from "./lock.ts";
import { type StatePaths, besideSnapshot } from "./paths.ts";
import { sweepTemporaries } from "./temp-file.ts";

/** What a local backend needs. */
export interface LocalBackendOptions {
  readonly disk: Disk;
  /** The snapshot's absolute path; lock, history and the like lie beside it (see paths.ts). */
  readonly path: string;
  readonly clock: Clock;
  /** Asked only where a lock is spoken of, once. */
  readonly hostIdentity: () => Promise<HostIdentity>;
  readonly processes: Processes;
}

const MODE = 0o600;

/** A backend on the local disk. Beyond the port's errors: `ORB_STATE_UNREADABLE` where the file may not be read. */
export function localBackend(options: LocalBackendOptions): Backend {
  const { disk, path } = options;
  const paths = besideSnapshot(path);
  let identity: Promise<HostIdentity> | undefined;
  const place = async (): Promise<LockPlace> => ({
    disk,
    prefix: paths.lock,
    clock: options.clock,
    processes: options.processes,
    identity: await (identity ??= options.hostIdentity()),
  });
  const files: Files = { disk, paths, clock: options.clock, known: undefined, held: undefined };
  return {
    location: path,
    read: async () => (await readStored(files))?.snapshot,
    write: async (snapshot, expectedSerial, note) => {
      await write(files, snapshot, expectedSerial);
      // The snapshot is written: that nobody could write down whose it is must not make the run look failed.
      await noteWrite(files, snapshot, note).catch(() => undefined);
    },
    lock: async (operation) => {
      const held = await lock(files, { place: await place(), processes: options.processes }, operation);
      files.held = held.info;
      return held;
    },
    // Who this is takes several questions of the operating system: asked where somebody is to be told from it.
    holder: async () => ((await hasLocks({ disk, prefix: paths.lock })) ? lockHolder(await place()) : undefined),
    unlock: async (id) => breakLock(await place(), id),
  };
}

interface Files {
  readonly disk: Disk;
  readonly paths: StatePaths;
  readonly clock: Clock;
  /** The lock that was taken last: it says who writes, and what for. */
  held: LockInfo | undefined;
  /** What was read last: a file that still has that very text is not taken apart again. */
  known: Stored | undefined;
}

interface Stored {
  readonly snapshot: Snapshot;
  readonly text: string;
}

async function readStored(files: Files): Promise<Stored | undefined> {
  const path = files.paths.snapshot;
  const text = await files.disk.read(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  if (text === undefined) return undefined;
  if (files.known?.text === text) return files.known;
  const stored = { text, snapshot: await decodeSnapshot(text, path) };
  files.known = stored;
  return stored;
}

async function write(files: Files, snapshot: Snapshot, expectedSerial: number): Promise<void> {
  if (snapshot.serial !== expectedSerial + 1)
    throw new InvariantError("a snapshot's serial must be the expected one + 1");
  const { disk, paths } = files;
  // Late: a plan keeps nothing.
  const { keepInHistory } = await import("./history.ts");
  const text = encodeSnapshot(snapshot);
  const stored = await readStored(files);
  // A write whose answer was lost and that is tried again.
  if (stored?.text === text) return;
  checkExpected(paths.snapshot, { stored: stored?.snapshot, lineage: snapshot.lineage, expectedSerial });
  try {
    await disk.makeFolder(dirname(paths.snapshot));
    if (stored) await keepOlderFormat(files, stored.text);
    if (stored) await keepInHistory(disk, paths.history, { serial: stored.snapshot.serial, text: stored.text });
    await disk.replace(paths.snapshot, text, MODE);
  } catch (error) {
    throw unwritable(error, paths.snapshot);
  }
  // The snapshot is written: that its copy could not be kept must not make the run look failed.
  await keepInHistory(disk, paths.history, { serial: snapshot.serial, text }).catch(() => undefined);
}

async function noteWrite(files: Files, snapshot: Snapshot, note: WriteNote = {}): Promise<void> {
  const { disk, paths, clock, held } = files;
  if (held === undefined) return;
  const { noteInHistory } = await import("./history.ts");
  const { serial, lineage } = snapshot;
  const { planDigest, operation = held.operation } = note;
  const at = new Date(clock.now()).toISOString();
  const made = { at, who: held.who, operation, ...(planDigest !== undefined && { planDigest }) };
  await noteInHistory(disk, paths.history, { serial, lineage, ...made });
}

interface Expected {
  readonly stored: Snapshot | undefined;
  readonly lineage: string;
  readonly expectedSerial: number;
}

function checkExpected(path: string, { stored, lineage, expectedSerial }: Expected): void {
  const serial = stored?.serial ?? 0;
  const sameLineage = stored === undefined || stored.lineage === lineage;
  if (serial === expectedSerial && sameLineage) return;
  const actual = sameLineage ? `it has serial ${serial}, not ${expectedSerial}` : "it is of another lineage";
  throw new OrbformError("ORB_STATE_CONFLICT", {
    summary: "The state was changed by another run",
    detail: `${path} is not the one this run began with: ${actual}. It was not overwritten; this run's journal is kept.`,
    hint: "Run `orb plan` to see where things stand.",
  });
}

/** A file of an older format is kept as it was, for good: the history moves on. */
async function keepOlderFormat({ disk, paths }: Files, text: string): Promise<void> {
  const format = formatOf(parseDocument(text, paths.snapshot), paths.snapshot);
  if (format < SNAPSHOT_FORMAT) await disk.createExclusive(`${paths.snapshot}.format-${format}.backup`, text);
}

interface Locking {
  readonly place: LockPlace;
  readonly processes: Processes;
}

async function lock({ disk, paths }: Files, { place, processes }: Locking, operation: string): Promise<HeldLock> {
  const folder = dirname(paths.snapshot);
  try {
    await disk.makeFolder(folder);
    await checkWritable(disk, paths.snapshot);
  } catch (error) {
    throw unwritable(error, paths.snapshot);
  }
  const held = await takeLock(place, operation);
  const stem = basename(paths.lock, "lock.");
  // What a killed run left behind is in nobody's way: it may be swept another time.
  await sweepTemporaries({ disk, processes }, folder, stem).catch(() => undefined);
  await sweepTemporaries({ disk, processes }, paths.history, "").catch(() => undefined);
  return held;
}

/** Before anything is done to a machine: a snapshot that could not be written at the end is found out now. */
async function checkWritable(disk: Disk, path: string): Promise<void> {
  if ((await disk.read(path)) === undefined) return;
  const file = await disk.openAppend(path);
  await file.close();
}
