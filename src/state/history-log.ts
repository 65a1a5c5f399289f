import type { Made } from "../model/history.ts";

/** One line of the history's log. */
export interface HistoryLine extends Made {
  readonly serial: number;
  readonly lineage: string;
}

/** The log with one line more, without what it says of snapshots that are not kept any more. Lines that are none go too. */
export function logText(before: string, line: HistoryLine, kept: ReadonlySet<number>): string {
  const others = linesIn(before).filter(({ serial }) => serial !== line.serial && kept.has(serial));
  return [...others, line].map((each) => `${JSON.stringify(each)}\n`).join("");
}

/** What a log says of the snapshots of one lineage (absent: of any), by serial. A damaged line says nothing. */
export function madeBySerial(text: string, lineage: string | undefined): ReadonlyMap<number, Made> {
  const own = linesIn(text).filter((line) => lineage === undefined || line.lineage === lineage);
  return new Map(own.map(({ serial, lineage: _lineage, ...made }) => [serial, made]));
}

/** The lines of a log, oldest first. */
export function linesIn(text: string): readonly HistoryLine[] {
  return text.split("\n").flatMap((line) => lineIn(line) ?? []);
}

function lineIn(text: string): HistoryLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch {
    // Torn: it was being written when its process ended.
    return undefined;
  }
}

const NEEDED = { serial: "number", lineage: "string", at: "string", who: "string", operation: "string" };

function isLine(value: unknown): value is HistoryLine {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isWhole = Object.entries(NEEDED).every(([key, type]) => typeof fields.get(key) === type);
  return isWhole && ["undefined", "string"].includes(typeof fields.get("planDigest"));
}
