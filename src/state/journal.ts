/**
 * The journal of one run: intents before, outcomes after, each durable before the run goes on. Lines of JSON whose last
 * key is a CRC-32 that also covers the line before, so a line that is missing or moved is noticed as well.
 */
import { crc32 } from "node:zlib";
import { InvariantError, OrbformError } from "../model/errors.ts";
import { isJournalRecord } from "./codec.ts";
import type { AppendFile, Disk } from "./disk.ts";
import { unreadable, unwritable } from "./disk-errors.ts";
import type { JournalHeader, JournalRecord } from "./records.ts";

/** A journal being written. */
export interface Journal {
  /** Appends a record; it is on disk when this resolves. Records written at the same time share one fsync. Errors: `ORB_STATE_UNWRITABLE`. */
  write(record: Exclude<JournalRecord, JournalHeader>): Promise<void>;
  /** Bytes handed to the disk so far, header included. */
  bytesWritten(): number;
  /** Waits for what is under way and closes the file, which stays. Safe to call twice. */
  close(): Promise<void>;
  /** Closes and removes the file: everything in it is in the snapshot now. */
  discard(): Promise<void>;
}

/** What was found in a journal file. */
export interface ReadJournal {
  /** Header first. Never empty. */
  readonly records: readonly JournalRecord[];
  /** A last line was cut off by a crash and left out: what it announced had not begun. */
  readonly torn: boolean;
}

/**
 * Starts a journal with its header on disk. Errors: `ORB_STATE_CONFLICT` where a journal with records is there already
 * (it is never overwritten), `ORB_STATE_UNWRITABLE`.
 */
export async function createJournal(disk: Disk, path: string, header: JournalHeader): Promise<Journal> {
  const first = encodeLine(header, 0);
  try {
    if (!(await disk.createExclusive(path, first.line))) {
      if ((await readJournal(disk, path)) !== undefined) throw leftOver(path);
      // Only a header that was cut off: that run never began anything.
      await disk.remove(path);
      if (!(await disk.createExclusive(path, first.line))) throw leftOver(path);
    }
    return journalOn({ disk, path, file: await disk.openAppend(path), first });
  } catch (error) {
    throw unwritable(error, path);
  }
}

/**
 * Reads a journal; `undefined` where there is none, or nothing but a header that was cut off. A last line that was cut
 * off is left out. Errors: `ORB_JOURNAL_CORRUPT` for damage elsewhere, `ORB_STATE_NEWER` for a later format.
 */
export async function readJournal(disk: Disk, path: string): Promise<ReadJournal | undefined> {
  const text = await disk.read(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  return text === undefined ? undefined : decodeJournal(text, path);
}

/** The journal's text taken apart, as {@link readJournal} does it. */
export function decodeJournal(text: string, path: string): ReadJournal | undefined {
  const lines = text.split("\n");
  // What ends a line is its checksum: a crash that took only the line feed took nothing.
  if (lines.at(-1) === "") lines.pop();
  const records: JournalRecord[] = [];
  let sum = 0;
  for (const [index, line] of lines.entries()) {
    const read = decodeLine(line, { before: sum, path, index });
    if (read === undefined && index === lines.length - 1) return finish(records, true);
    if (read === undefined) throw damaged(path, index + 1);
    checkPosition(read.record, { index, path });
    records.push(read.record);
    sum = read.sum;
  }
  return finish(records, false);
}

/** The text of a journal with these records, header first. */
export function encodeJournal(records: readonly JournalRecord[]): string {
  const lines: string[] = [];
  let sum = 0;
  for (const record of records) {
    const encoded = encodeLine(record, sum);
    lines.push(encoded.line);
    sum = encoded.sum;
  }
  return lines.join("");
}

interface Line {
  readonly line: string;
  readonly sum: number;
}

interface Opened {
  readonly disk: Disk;
  readonly path: string;
  readonly file: AppendFile;
  readonly first: Line;
}

function journalOn({ disk, path, file, first }: Opened): Journal {
  let sum = first.sum;
  let bytes = Buffer.byteLength(first.line);
  let closed: Promise<void> | undefined;
  let broken: unknown;
  const close = (): Promise<void> => (closed ??= file.close());
  return {
    async write(record) {
      if (closed) throw new InvariantError("a journal was written to after it was closed");
      // Later records build on the one that is missing: once one failed, none is written any more.
      if (broken !== undefined) throw broken;
      const encoded = encodeLine(record, sum);
      sum = encoded.sum;
      bytes += Buffer.byteLength(encoded.line);
      await file.append(encoded.line).catch((error: unknown) => {
        broken ??= unwritable(error, path);
        throw broken;
      });
    },
    bytesWritten: () => bytes,
    close,
    async discard() {
      await close();
      await disk.remove(path);
    },
  };
}

const SUM = /,"crc":"([0-9a-f]{8})"\}$/;

function encodeLine(record: JournalRecord, before: number): Line {
  const body = JSON.stringify(record).slice(0, -1);
  const sum = crc32(body, before);
  return { line: `${body},"crc":"${hex(sum)}"}\n`, sum };
}

interface DecodedLine {
  readonly record: JournalRecord;
  readonly sum: number;
}

interface LinePlace {
  readonly before: number;
  readonly path: string;
  readonly index: number;
}

function decodeLine(line: string, at: LinePlace): DecodedLine | undefined {
  const found = SUM.exec(line);
  if (!found) return undefined;
  const body = line.slice(0, found.index);
  const sum = crc32(body, at.before);
  if (hex(sum) !== found[1]) return undefined;
  const record = parsed(`${body}}`, at);
  if (!isJournalRecord(record)) throw newer(at.path);
  return { record, sum };
}

/** A line with a checksum that fits was written whole: it is not cut off, whatever else is wrong with it. */
function parsed(text: string, { path, index }: LinePlace): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, index + 1);
  }
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}

function checkPosition(record: JournalRecord, at: { readonly index: number; readonly path: string }): void {
  if ((record.kind === "header") !== (at.index === 0)) throw damaged(at.path, at.index + 1);
}

function finish(records: readonly JournalRecord[], torn: boolean): ReadJournal | undefined {
  return records.length === 0 ? undefined : { records, torn };
}

function damaged(path: string, line: number): OrbformError {
  return new OrbformError("ORB_JOURNAL_CORRUPT", {
    summary: "The journal is damaged",
    detail:
      `Line ${line} of ${path} is not as Orbform wrote it. The journal says what an interrupted run did to machines, ` +
      "so nothing is done without it. Machines made since the last snapshot may be missing from the state file.",
    hint: `Move ${path} away, run \`orb plan\`, and take machines it calls taken into state with \`orb adopt\`.`,
  });
}

function newer(path: string): OrbformError {
  return new OrbformError("ORB_STATE_NEWER", {
    summary: "The journal is of a newer Orbform",
    detail: `${path} holds a record that this version does not know. No machine was touched.`,
    hint: "Finish that run with the newer version: `npm install orbform@latest`, then `orb apply`.",
  });
}

function leftOver(path: string): OrbformError {
  return new OrbformError("ORB_STATE_CONFLICT", {
    summary: "An earlier run's journal is still there",
    detail: `${path} belongs to a run that was not finished, and a new journal must not overwrite it. No machine was touched.`,
    hint: "Run `orb apply` again: it takes over what that run left.",
  });
}
