import type {
  ArchiveContents,
  ArchiveMetadata,
  Reading,
  Retention,
  Stored,
  Unfinished,
  Verdict,
} from "../model/archive.ts";
import { unsettledText } from "../model/archive.ts";
import { assertNever } from "../model/errors.ts";
import { bytesText, oneLine } from "./value-text.ts";
import type { Theme } from "./theme.ts";

/** What a backup folder holds, a line each. */
export function folderText(stored: readonly Stored[], unfinished: readonly Unfinished[], theme: Theme): string {
  const rows = stored.map((each) => storedRow(each));
  const lines = rows.length === 0 ? "There are no archives.\n" : table([HEAD, ...rows], theme);
  return `${lines}${unfinished.map((each) => `${theme.warning(unfinishedText(each))}\n`).join("")}`;
}

const HEAD = ["ARCHIVE", "MACHINE", "IMAGE", "SIZE", "MADE", "NOTE"] as const;

function storedRow(stored: Stored): readonly string[] {
  const size = stored.kind === "no archive" ? "" : bytesText(stored.sizeBytes);
  if (stored.kind === "no metadata") return [stored.file, "", "", size, "", stored.why];
  const { machine, image, createdAt } = stored.metadata;
  const made = createdAt.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
  const what = image.version === "" ? image.distro : `${image.distro}:${image.version}`;
  return [stored.file, machine.name, what, size, made, noteOf(stored)];
}

function noteOf(stored: Stored): string {
  switch (stored.kind) {
    case "archive":
      return stored.metadata.contents === null ? "never read to its end" : "";
    case "wrong size":
      return `damaged: it had ${bytesText(stored.metadata.sizeBytes)}`;
    case "no archive":
      return "its archive is missing";
    case "no metadata":
      return stored.why;
    default:
      return assertNever(stored);
  }
}

const UNFINISHED = {
  running: "is being exported now",
  exporting: "its run was ended, its orbctl is still at work",
  left: "was left by a run that was ended; the next create sweeps it",
  "not known": "is another computer's, or without a record: it is left alone",
} as const;

function unfinishedText({ machine, folder, status }: Unfinished): string {
  return `Unfinished: ${oneLine(machine)} (${oneLine(folder)}) ${UNFINISHED[status]}.`;
}

/** What a verification found of one archive. */
export function verdictText(verdict: Verdict, theme: Theme): string {
  const file = oneLine(verdict.file);
  switch (verdict.verdict) {
    case "sound":
      return `${theme.add("sound")}           ${file} (digest as on record; ${entriesText(verdict.contents)} read)\n`;
    case "same bytes":
      return `${theme.add("same bytes")}      ${file} (digest as on record; not read: ${oneLine(verdict.why)})\n`;
    case "readable":
      return `${theme.warning("readable")}        ${file} (no metadata to compare with; ${entriesText(verdict.contents)} read)\n`;
    case "not verifiable":
      return `${theme.warning("not verifiable")}  ${file} (${oneLine(verdict.why)})\n`;
    case "damaged":
      return `${theme.error("damaged")}         ${file} (${oneLine(verdict.why)})\n`;
    default:
      return assertNever(verdict);
  }
}

/** What rotation keeps and removes, a line each, with the sum of what is removed. */
export function pruneText(judged: readonly Retention[], theme: Theme): string {
  const lines = judged.map(({ file, keep, sizeBytes }) =>
    keep.length > 0
      ? `  keep    ${oneLine(file)}  (${keep.join(", ")})\n`
      : `${theme.destroy("- remove")}  ${oneLine(file)}  (${bytesText(sizeBytes)})\n`,
  );
  const removed = judged.filter((each) => each.keep.length === 0);
  const bytes = removed.reduce((sum, each) => sum + each.sizeBytes, 0);
  return `${lines.join("")}\nPrune: ${judged.length - removed.length} to keep, ${removed.length} to remove (${bytesText(bytes)}).\n`;
}

/** Columns as wide as their widest cell, two spaces apart; the first row is the heading. */
function table(rows: readonly (readonly string[])[], theme: Theme): string {
  const shown = rows.map((row) => row.map(oneLine));
  const widths = HEAD.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, index) => `${index === 0 ? theme.strong(line) : line}\n`).join("");
}

function entriesText({ entries }: ArchiveContents): string {
  return entries === 1 ? "1 entry" : `${entries} entries`;
}

/** What a backup came to. */
export function createdText(path: string, { machine, sizeBytes, contents }: ArchiveMetadata): string {
  const read = contents === null ? "" : `, ${entriesText(contents)} read to the end`;
  return `Exported ${machine.name} to ${path} (${bytesText(sizeBytes)}${read}).`;
}

/** What is to be said of an archive whose contents could not be read; `undefined` where they were. */
export function unreadNotice(reading: Reading): string | undefined {
  if (reading.status === "whole") return undefined;
  return `The archive could not be read to its end: ${reading.why}. Its digest is on record; whether its contents are whole is not known.`;
}

/** What is to be said of an archive in place that may not be on the medium; `undefined` where it is. */
export function unsettledNotice(path: string, unsettled: string | undefined): string | undefined {
  return unsettled === undefined ? undefined : unsettledText(path, unsettled);
}

/** What a restore came to, and how the machine gets into a stack. */
export function restoredText(made: {
  readonly name: string;
  readonly id: string;
  readonly state: string;
  readonly address?: string;
}): string {
  const { name, id, state, address = "ADDRESS" } = made;
  return `Restored ${name} (${id}, ${state}). To manage it in a stack: orb adopt ${address} ${name}`;
}
