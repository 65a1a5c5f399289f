import type { Snapshot } from "../model/snapshot.ts";
import type { Processes } from "../driver/processes.ts";
import type { Backend } from "./backend.ts";
import type { Disk } from "./disk.ts";
import type { HostIdentity } from "./host.ts";
import { readJournal } from "./journal.ts";
import { withoutNeverRan } from "./never-ran.ts";
import type { StatePaths } from "./paths.ts";
import type { JournalRecord } from "./records.ts";
import type { Replayed } from "./reduce.ts";

/** Where it is read from. */
export interface RecordPorts {
  readonly backend: Backend;
  readonly disk: Disk;
  readonly paths: StatePaths;
  /** Asked only where there is a journal. */
  readonly host: () => Promise<HostIdentity>;
  readonly processes: Processes;
}

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
export async function readPrior(from: RecordPorts): Promise<OnRecord> {
  const journal = await readJournal(from.disk, from.paths.journal);
  const snapshot = await from.backend.read();
  if (journal === undefined) return { snapshot, replayed: undefined };
  // Only an interrupted run leaves a journal: the reducer and its libraries are loaded for one.
  const { replay } = await import("./reduce.ts");
  const replayed = replay(snapshot, await believable(journal.records, from));
  return { snapshot: replayed.snapshot, replayed };
}

/** A journal's records without what was announced and certainly never begun. */
export async function believable(
  records: readonly JournalRecord[],
  { disk, host, processes }: Pick<RecordPorts, "disk" | "host" | "processes">,
): Promise<readonly JournalRecord[]> {
  const { bootId } = await host();
  return await withoutNeverRan(records, { disk, bootId, isAlive: (child) => processes.isRunning(child) });
}
