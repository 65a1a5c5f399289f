import type { Disk } from "./disk.ts";
import type { IntentRecord, JournalRecord, RecordedProcess } from "./records.ts";

/** How to tell what became of a process. */
export interface Traces {
  readonly disk: Disk;
  /** The present boot. After another one no trace counts: what the last one left on disk may be older than the process. */
  readonly bootId: string;
  readonly isAlive: (child: RecordedProcess) => Promise<boolean>;
}

/**
 * A journal without the intents whose process certainly never ran: it is gone, on this very boot, and its file still
 * says that it was never let go. What such an intent announced did not happen. Every other intent stays.
 */
export async function withoutNeverRan(
  records: readonly JournalRecord[],
  traces: Traces,
): Promise<readonly JournalRecord[]> {
  const [header] = records;
  if (header?.kind !== "header" || header.bootId === "" || header.bootId !== traces.bootId) return records;
  const never = new Set<JournalRecord>();
  for (const intent of unanswered(records)) {
    if (intent.child && (await neverRan(intent.child, traces))) never.add(intent);
  }
  return never.size === 0 ? records : records.filter((record) => !never.has(record));
}

/** The last intent of every action that has no outcome after it. */
function unanswered(records: readonly JournalRecord[]): Iterable<IntentRecord> {
  const last = new Map<string, IntentRecord>();
  for (const record of records) {
    if (record.kind === "intent") last.set(record.action, record);
    if (record.kind === "outcome") last.delete(record.action);
  }
  return last.values();
}

async function neverRan(child: RecordedProcess, { disk, isAlive }: Traces): Promise<boolean> {
  if (child.held === undefined || (await isAlive(child))) return false;
  // A trace that can't be read proves nothing.
  const trace = await disk.read(child.held).catch(() => undefined);
  return trace?.startsWith("held") === true;
}
