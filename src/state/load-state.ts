/** Reads snapshot and journal together, and makes one of them. */
import type { Snapshot } from "../model/snapshot.ts";
import type { Backend } from "./backend.ts";
import { unwritable } from "./disk-errors.ts";
import type { Disk } from "./disk.ts";
import { readJournal } from "./journal.ts";
import type { IntentRecord, JournalHeader } from "./records.ts";
import { type RecordedChild, replay } from "./reduce.ts";

/** Where a state is. */
export interface StatePlace {
  readonly backend: Backend;
  readonly disk: Disk;
  /** Always local, whatever the backend is. */
  readonly journalPath: string;
}

/** What Orbform believes, and what a run that did not end left open. */
export interface LoadedState {
  /** With the journal folded in; `undefined` where nothing was ever written. */
  readonly snapshot: Snapshot | undefined;
  readonly open: readonly IntentRecord[];
  readonly children: readonly RecordedChild[];
  /** `none`: no journal. `open`: a run is under way or died. `stale`: it is in the snapshot and only to be removed. */
  readonly journal: "none" | "open" | "stale";
  /** The journal's header, where it is `open`. */
  readonly header?: JournalHeader;
  /** Whether the journal says more than its header. */
  readonly hasRecords: boolean;
}

/**
 * Reads a state without writing or locking. The journal is read first: a run that ends meanwhile leaves a newer
 * snapshot, which the journal is then in. Errors: the backend's, `ORB_JOURNAL_CORRUPT`.
 */
export async function loadState({ backend, disk, journalPath }: StatePlace): Promise<LoadedState> {
  const journal = await readJournal(disk, journalPath);
  const base = await backend.read();
  if (journal === undefined) return { snapshot: base, open: [], children: [], journal: "none", hasRecords: false };
  const { snapshot, open, children, header, stale } = replay(base, journal.records);
  if (stale || header === undefined) return { snapshot, open: [], children: [], journal: "stale", hasRecords: false };
  return { snapshot, open, children, journal: "open", header, hasRecords: journal.records.length > 1 };
}

/**
 * Writes what a dead run's journal says into a snapshot and removes the journal; gives the snapshot as it then stands.
 * Only under the lock, and only when none of its processes runs any more. Errors: the backend's.
 */
export async function settleState(place: StatePlace, loaded: LoadedState): Promise<Snapshot | undefined> {
  const { snapshot } = loaded;
  if (loaded.journal === "none" || snapshot === undefined) return snapshot;
  if (loaded.journal === "open" && loaded.hasRecords) {
    const settled = { ...snapshot, serial: snapshot.serial + 1 };
    await place.backend.write(settled, snapshot.serial);
    await removeJournal(place);
    return settled;
  }
  await removeJournal(place);
  return snapshot.serial === 0 ? undefined : snapshot;
}

function removeJournal({ disk, journalPath }: StatePlace): Promise<void> {
  return disk.remove(journalPath).catch((error: unknown) => {
    throw unwritable(error, journalPath);
  });
}
