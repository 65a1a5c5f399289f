import { OrbformError } from "../model/errors.ts";
import type { HistoryEntry } from "../model/history.ts";
import { sameJson } from "../model/same-json.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { historyRows, type HistoryRow } from "../report/history-changes.ts";
import { historyJson, historyText, rowJson, snapshotDiffText } from "../report/history-text.ts";
import { restoreEffects, restoreJson, restoreText } from "../report/restore-text.ts";
import { snapshotText } from "../report/snapshot-text.ts";
import { atRest } from "../model/at-rest.ts";
import type { Voice } from "./base-command.ts";
import { confirm } from "./confirm.ts";
import type { Project } from "./context.ts";
import { typed, type Said } from "./hints.ts";

/** What of the history is asked for. */
export interface HistoryAsked {
  /** One snapshot; absent: the list. */
  readonly serial: number | undefined;
  /** What it changed, in place of what is in it. */
  readonly diff: boolean;
}

/** Shows the kept snapshots, or one of them. Error: `ORB_SNAPSHOT_UNKNOWN`. */
export async function historyFlow(project: Project, voice: Voice, { serial, diff }: HistoryAsked): Promise<number> {
  const { console, json } = voice;
  const rows = historyRows(await project.history());
  if (serial !== undefined) return showOne(voice, found(rows, serial), diff);
  if (json) console.out(`${JSON.stringify({ format_version: "1.0", history: historyJson(rows) })}\n`);
  else console.out(rows.length === 0 ? "No history: nothing was applied yet.\n" : historyText(rows));
  return 0;
}

function showOne({ console, json }: Voice, row: HistoryRow, diff: boolean): number {
  const snapshot = readable(row.entry);
  if (diff && row.changes === undefined) throw nothingBefore(row.entry.serial);
  if (json) {
    const state = diff ? {} : { state: snapshot };
    console.out(`${JSON.stringify({ format_version: "1.0", entry: rowJson(row), ...state })}\n`);
    return 0;
  }
  const { outTheme } = console;
  console.out(diff ? snapshotDiffText(row.before, snapshot, outTheme) : snapshotText(snapshot, outTheme));
  return 0;
}

/**
 * Puts a kept snapshot back after it was said what that means, and agreed to. Touches no machine. Errors:
 * `ORB_SNAPSHOT_UNKNOWN`, `ORB_STATE_MISSING`, `ORB_NOT_APPROVED`, those of `restoreState`.
 */
export async function restoreFlow(
  project: Project,
  voice: Voice,
  { serial, yes, said }: { readonly serial: number; readonly yes: boolean; readonly said: Said },
): Promise<number> {
  const { console, json } = voice;
  const asked = readable(found(historyRows(await project.history()), serial).entry);
  const instead = await project.snapshot();
  if (instead === undefined) throw noState();
  const kept = atRest(asked, instead);
  const effects = restoreEffects(instead, kept);
  const same = { serial: instead.serial, restored: serial, operation: "restore", unchanged: true };
  if (isSame(instead, kept)) return answer(voice, `The state is as snapshot ${serial} was: nothing was changed.`, same);
  if (!json) console.err(`Snapshot ${serial} is put back as a new one. No machine is touched.\n`);
  if (!json) console.err(restoreText(effects, instead, kept));
  if (!yes && !(await agreed(voice))) throw notAgreed();
  const after = await project.restore({ kept, instead });
  const facts = { serial: after.serial, restored: serial, operation: "restore", ...restoreJson(effects) };
  const next = typed("orb plan", said);
  return answer(voice, `Snapshot ${serial} is the state again, as serial ${after.serial}. See: ${next}`, facts);
}

function answer({ console, json }: Voice, text: string, facts: object): number {
  console.out(json ? `${JSON.stringify({ format_version: "1.0", ...facts })}\n` : `${text}\n`);
  return 0;
}

function isSame(left: Snapshot, right: Snapshot): boolean {
  return sameJson(left.resources, right.resources) && sameJson(left.outputs, right.outputs);
}

function agreed({ console }: Voice): Promise<boolean> {
  const { stdin: input, stderr: output, interactive, silent = false } = console;
  const text = "\nDo you want to put it back?\n  Only 'yes' will be accepted to approve.\n\n  Enter a value: ";
  const { signal } = new AbortController();
  const approving = "that it is put back as it is shown";
  return confirm({ text, flag: "--yes", approving }, { input, output, interactive, silent, signal });
}

function found(rows: readonly HistoryRow[], serial: number): HistoryRow {
  const row = rows.find(({ entry }) => entry.serial === serial);
  if (row !== undefined) return row;
  throw new OrbformError("ORB_SNAPSHOT_UNKNOWN", {
    summary: "There is no such snapshot",
    detail: `No snapshot ${serial} is kept of this state: the last 20 are. Nothing was changed.`,
    hint: "To see those that are kept, run: orb history",
  });
}

function readable(entry: HistoryEntry): Snapshot {
  if (entry.kind === "snapshot") return entry.snapshot;
  throw new OrbformError("ORB_STATE_CORRUPT", {
    summary: "The kept snapshot can't be read",
    detail: `Snapshot ${entry.serial}: ${entry.why} Nothing was changed.`,
    hint: "To see the others, run: orb history",
  });
}

function nothingBefore(serial: number): OrbformError {
  return new OrbformError("ORB_SNAPSHOT_UNKNOWN", {
    summary: "The snapshot before is not kept",
    detail: `What snapshot ${serial} changed is not known: the one before it is not kept, or can't be read.`,
    hint: "Leave --diff out to see what is in it.",
  });
}

function noState(): OrbformError {
  return new OrbformError("ORB_STATE_MISSING", {
    summary: "There is no state to replace",
    detail: "The state file is gone, so there is nothing that a snapshot could be compared with. Nothing was changed.",
    hint: "Copy the snapshot of the history folder to where the state file was, then run: orb plan",
  });
}

function notAgreed(): OrbformError {
  return new OrbformError("ORB_NOT_APPROVED", {
    summary: "Putting back was not approved",
    detail: "The answer was not `yes`. The state was not changed.",
    hint: "Run the command again and answer `yes`, or add --yes.",
  });
}
