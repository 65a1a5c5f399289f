import type { Snapshot } from "../model/snapshot.ts";
import type { Backend } from "./backend.ts";
import type { Disk } from "./disk.ts";
import { readJournal } from "./journal.ts";
import type { StatePaths } from "./paths.ts";
import { replay, type Replayed } from "./reduce.ts";

/** What is on record: the snapshot with an interrupted run's journal folded in, in memory. */
export interface OnRecord {
  /** Absent where nothing was ever applied. */
  readonly snapshot: Snapshot | undefined;
  /** What the journal added; absent where there is none. */
  readonly replayed: Replayed | undefined;
}

/**
 * Reads snapshot and journal without locking or writing. The journal first: if an apply ends in between, the snapshot is
 * newer than the journal, which then counts as folded in. Errors: those of both files.
 */
export async function readPrior(from: {
  readonly backend: Backend;
  readonly disk: Disk;
  readonly paths: StatePaths;
}): Promise<OnRecord> {
  const journal = await readJournal(from.disk, from.paths.journal);
  const snapshot = await from.backend.read();
  if (journal === undefined) return { snapshot, replayed: undefined };
  const replayed = replay(snapshot, journal.records);
  return { snapshot: replayed.snapshot, replayed };
}
