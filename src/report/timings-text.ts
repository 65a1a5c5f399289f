import { spanText } from "./duration.ts";
import type { EventLine } from "./events-json.ts";
import type { Theme } from "./theme.ts";
import type { ActionTime, CallTimes, MachineTime, Timings } from "./timings.ts";
import { oneLine } from "./value-text.ts";

/** How long everything took, as tables for people. Begins with an empty line. */
export function timingsText(timings: Timings, theme: Theme): string {
  const { actions, machines, calls } = timings;
  const parts = [
    `\n${theme.strong(`Timings: ${said(timings)}`)}\n`,
    ...(actions.length === 0 ? [] : [table(ACTION_HEADS, actions.map(actionCells), theme)]),
    ...(machines.length === 0 ? [] : [table(MACHINE_HEADS, machines.map(machineCells), theme)]),
    ...(calls.length === 0 ? [] : [table(CALL_HEADS, calls.map(callCells), theme)]),
  ];
  return parts.join("\n");
}

/** The same as a line of `--json`. */
export function timingsLine(timings: Timings): EventLine {
  const { elapsedMs, actions, machines, calls } = timings;
  const body = {
    timings: {
      elapsed_ms: elapsedMs,
      actions: actions.map((each) => ({
        addr: each.address,
        action: each.action,
        does: each.does,
        outcome: each.outcome,
        attempts: each.attempts,
        began_ms: each.beganMs,
        waited_ms: each.waitedMs,
        duration_ms: each.tookMs,
      })),
      machines: machines.map((each) => ({
        machine: each.machine,
        outcome: each.outcome,
        began_ms: each.beganMs,
        duration_ms: each.tookMs,
      })),
      calls: calls.map((each) => ({
        command: each.command,
        count: each.count,
        failed: each.failed,
        total_ms: each.totalMs,
        slowest_ms: each.slowestMs,
      })),
    },
  };
  return { level: "info", message: said(timings), type: "timings", body };
}

function said({ elapsedMs, actions, machines, calls }: Timings): string {
  const called = calls.reduce((sum, each) => sum + each.count, 0);
  const parts = [
    ...(actions.length === 0 ? [] : [counted(actions.length, "action")]),
    ...(machines.length === 0 ? [] : [counted(machines.length, "machine")]),
    `${counted(called, "call")} of orbctl`,
  ];
  return `${spanText(elapsedMs)} in all; ${parts.join(", ")}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

const ACTION_HEADS = ["began", "waited", "took", "action"];

function actionCells(time: ActionTime): readonly string[] {
  const { beganMs, waitedMs, tookMs, address, does, outcome, attempts } = time;
  const remarks = [
    ...(outcome === "succeeded" ? [] : [outcome === "failed" ? "failed" : "outcome not known"]),
    ...(attempts === 1 ? [] : [`${attempts} attempts`]),
  ];
  const remark = remarks.length === 0 ? "" : ` (${remarks.join(", ")})`;
  return [`+${spanText(beganMs)}`, spanText(waitedMs), spanText(tookMs), `${oneLine(address)}: ${does}${remark}`];
}

const MACHINE_HEADS = ["began", "took", "machine"];

function machineCells({ machine, outcome, beganMs, tookMs }: MachineTime): readonly string[] {
  const remark = outcome === "succeeded" ? "" : ` (${outcome})`;
  return [`+${spanText(beganMs)}`, spanText(tookMs), `${oneLine(machine)}${remark}`];
}

const CALL_HEADS = ["calls", "total", "slowest", "orbctl"];

function callCells({ count, totalMs, slowestMs, command, failed }: CallTimes): readonly string[] {
  const remark = failed === 0 ? "" : ` (${failed} failed)`;
  return [String(count), spanText(totalMs), spanText(slowestMs), `${oneLine(command)}${remark}`];
}

/** Columns to the right, but for the last. */
function table(heads: readonly string[], rows: readonly (readonly string[])[], theme: Theme): string {
  const all = [heads, ...rows];
  const last = heads.length - 1;
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (column === last ? cell : cell.padStart(widths[column] ?? 0))).join("  ")}\n`;
  return `${theme.dim(line(heads).trimEnd())}\n${rows.map(line).join("")}`;
}
