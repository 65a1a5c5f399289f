import { join } from "node:path";
import { isOrbformError } from "../model/errors.ts";
import type { HistoryEntry, Made } from "../model/history.ts";
import { decodeSnapshot } from "./codec.ts";
import type { Disk } from "./disk.ts";
import { linesIn, logText, madeBySerial, type HistoryLine } from "./history-log.ts";

/** How many snapshots are kept. */
const KEPT_SNAPSHOTS = 20;

/** A snapshot as it is kept. */
export interface KeptSnapshot {
  readonly serial: number;
  readonly text: string;
}

/** Keeps a snapshot in the history folder as `SERIAL.json` and removes those beyond the last {@link KEPT_SNAPSHOTS}. */
export async function keepInHistory(disk: Disk, folder: string, { serial, text }: KeptSnapshot): Promise<void> {
  await disk.makeFolder(folder);
  const path = join(folder, `${serial}.json`);
  if ((await disk.read(path)) !== text) await disk.replace(path, text, 0o600);
  // A later serial than the newest is of a state that stood here before.
  const isOlder = (each: number): number => Number(each <= serial);
  const newestFirst = (await serialsIn(disk, folder)).toSorted((a, b) => isOlder(b) - isOlder(a) || b - a);
  for (const each of newestFirst.slice(KEPT_SNAPSHOTS)) await disk.remove(join(folder, `${each}.json`));
}

/** Writes down how a kept snapshot came to be, beside those that are still kept. It is only a help: no sync. */
export async function noteInHistory(disk: Disk, folder: string, line: HistoryLine): Promise<void> {
  const path = logPath(folder);
  const [before, serials] = [(await disk.read(path)) ?? "", await serialsIn(disk, folder)];
  const text = logText(before, line, new Set(serials));
  await (disk.small?.replace(path, text) ?? disk.replace(path, text, 0o600));
}

/** How the kept snapshots came to be, oldest first. Errors: those of the disk. */
export async function readLog(disk: Disk, folder: string): Promise<readonly HistoryLine[]> {
  return linesIn((await disk.read(logPath(folder))) ?? "");
}

/** The kept snapshots of one lineage (absent: of any), newest first, with how each came to be. Errors: those of the disk. */
export async function readHistory(
  disk: Disk,
  folder: string,
  lineage: string | undefined,
): Promise<readonly HistoryEntry[]> {
  const made = madeBySerial((await disk.read(logPath(folder))) ?? "", lineage);
  const entries: HistoryEntry[] = [];
  for (const serial of (await serialsIn(disk, folder)).toSorted((a, b) => b - a)) {
    const entry = await entryAt(disk, join(folder, `${serial}.json`), { serial, made: made.get(serial) });
    if (entry !== undefined && isOf(entry, lineage)) entries.push(entry);
  }
  return entries;
}

function isOf(entry: HistoryEntry, lineage: string | undefined): boolean {
  return lineage === undefined || entry.kind === "unreadable" || entry.snapshot.lineage === lineage;
}

interface Noted {
  readonly serial: number;
  readonly made: Made | undefined;
}

async function entryAt(disk: Disk, path: string, { serial, made }: Noted): Promise<HistoryEntry | undefined> {
  const base = { serial, ...(made !== undefined && { made }) };
  const text = await disk.read(path);
  // Removed while it was looked for: a run under way keeps the last ones only.
  if (text === undefined) return undefined;
  try {
    return { kind: "snapshot", ...base, snapshot: await decodeSnapshot(text, path) };
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    return { kind: "unreadable", ...base, why: `${error.summary}: ${error.detail}` };
  }
}

async function serialsIn(disk: Disk, folder: string): Promise<readonly number[]> {
  return (await disk.list(folder)).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
}

function logPath(folder: string): string {
  return join(folder, "log.jsonl");
}
