import type { JsonObject } from "../model/json.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import type { HistoryRow, SnapshotChanges } from "./history-changes.ts";
import { lineDiff } from "./line-diff.ts";
import type { Theme } from "./theme.ts";
import { oneLine } from "./value-text.ts";

const TITLES = ["serial", "when", "who", "operation", "resources", "changes"] as const;

/** How many addresses stand on a line. */
const MOST_ADDRESSES = 5;

/** The kept snapshots for people, newest first: a line each. */
export function historyText(rows: readonly HistoryRow[]): string {
  const cells = [TITLES, ...rows.map(cellsOf)];
  const widths = TITLES.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** The same for programs. */
export function historyJson(rows: readonly HistoryRow[]): readonly JsonObject[] {
  return rows.map(rowJson);
}

/** One of them for programs. */
export function rowJson({ entry, changes }: HistoryRow): JsonObject {
  const { at, who, operation, planDigest } = entry.made ?? {};
  return {
    serial: entry.serial,
    ...(at !== undefined && { at }),
    ...(who !== undefined && { who }),
    ...(operation !== undefined && { operation }),
    ...(planDigest !== undefined && { plan_digest: planDigest }),
    ...(entry.kind === "unreadable"
      ? { unreadable: entry.why }
      : { resources: Object.keys(entry.snapshot.resources).length, lineage: entry.snapshot.lineage }),
    ...(changes !== undefined && { ...changes }),
  };
}

function cellsOf({ entry, changes }: HistoryRow): readonly string[] {
  const { at, who = "-", operation = "-" } = entry.made ?? {};
  const count = entry.kind === "snapshot" ? String(Object.keys(entry.snapshot.resources).length) : "-";
  const what = entry.kind === "unreadable" ? `unreadable: ${oneLine(entry.why)}` : changesText(changes);
  return [String(entry.serial), whenText(at), oneLine(who), oneLine(operation), count, what];
}

function whenText(at: string | undefined): string {
  return at === undefined ? "-" : oneLine(at.replace("T", " ").replace(/\.\d+Z$/, " UTC"));
}

function changesText(changes: SnapshotChanges | undefined): string {
  if (changes === undefined) return "(the one before is not kept)";
  const all = signedAddresses(changes);
  const more = all.length > MOST_ADDRESSES ? ` and ${all.length - MOST_ADDRESSES} more` : "";
  return all.length === 0 ? "none" : `${all.slice(0, MOST_ADDRESSES).join(" ")}${more}`;
}

function signedAddresses({ added, changed, removed }: SnapshotChanges): readonly string[] {
  return [...signed("+", added), ...signed("~", changed), ...signed("-", removed)];
}

function signed(sign: string, addresses: readonly string[]): readonly string[] {
  return addresses.map((each) => `${sign}${oneLine(each)}`);
}

/** What one snapshot has otherwise than another, line by line of their files, an address after the other. */
export function snapshotDiffText(before: Snapshot | undefined, after: Snapshot, theme: Theme): string {
  const old: { readonly [address: string]: ResourceState } = before?.resources ?? {};
  const now: { readonly [address: string]: ResourceState } = after.resources;
  const addresses = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
  const blocks = addresses.flatMap((address) => {
    const lines = lineDiff(fileText(old[address]), fileText(now[address]));
    return lines.some((each) => each !== undefined && each.sign !== " ")
      ? [`# ${theme.strong(oneLine(address))}\n${lines.map((each) => diffLine(each, theme)).join("")}`]
      : [];
  });
  return blocks.length === 0 ? "They hold the same.\n" : blocks.join("\n");
}

function fileText(resource: ResourceState | undefined): string {
  return resource === undefined ? "" : `${JSON.stringify(resource, null, 2)}\n`;
}

function diffLine(each: ReturnType<typeof lineDiff>[number], theme: Theme): string {
  if (each === undefined) return "  …\n";
  const text = `${each.sign} ${oneLine(each.line)}`;
  if (each.sign === "+") return `${theme.add(text)}\n`;
  return `${each.sign === "-" ? theme.destroy(text) : text}\n`;
}
