import type { ExecuteEvent } from "../model/execute-event.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import { printable } from "../model/printable.ts";
import type { OutputState } from "../model/snapshot.ts";
import { ACTION_WORDS } from "./action-words.ts";
import { diagnosticJson } from "./diagnostics.ts";
import { safeJson } from "./safe-json.ts";
import { completeLine, driftLine, summaryLine, unfoldedDrift, type ApplyCounts } from "./plan-summary.ts";
import { outputsJson } from "./outputs-text.ts";
import { eventLine, stillLine, type Running } from "./progress.ts";
import { eventResource } from "./terraform-words.ts";
import { PLAIN } from "./theme.ts";

/** One line of `--json` without its time: Terraform's shape, `@module` is `orbform.ui`. */
export interface EventLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly type: string;
  readonly body: JsonObject;
}

/** The text of a line. `timestamp` is ISO-8601. */
export function lineText(line: EventLine, timestamp: string): string {
  // Terraform's own keys stand in this order, and programs may go by it.
  const own = Object.entries({ ...line.body, type: line.type }).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return safeJson({
    "@level": line.level,
    "@message": printable(line.message),
    "@module": "orbform.ui",
    "@timestamp": timestamp,
    ...Object.fromEntries(own),
  });
}

/** The first line of every stream. */
export function versionLine(version: string): EventLine {
  return info("version", `Orbform ${version}`, { orbform: version, ui: "1.2" });
}

/** A diagnostic as a line. */
export function diagnosticLine(diagnostic: Diagnostic, source?: string): EventLine {
  const isError = diagnostic.severity === "error";
  const message = `${isError ? "Error" : "Warning"}: ${diagnostic.summary}`;
  const body = { diagnostic: diagnosticJson(diagnostic, source) };
  return { level: isError ? "error" : "warn", message, type: "diagnostic", body };
}

/** Something that went on outside of the plan: a run that is under way, a lock that is waited for. */
export function logLine(message: string): EventLine {
  return info("log", message, {});
}

/** The last line of a plan; `besides` is told with it, in this and all summaries. */
export function planSummaryLine(plan: Plan, besides: JsonObject = {}): EventLine {
  const { add, change, destroy, adopt, forget } = plan.summary;
  const isDrift = plan.mode === "refresh-only";
  const drift = isDrift ? { drift: unfoldedDrift(plan).length } : {};
  const counts = { add, change, import: adopt, remove: destroy, operation: "plan", forget, ...drift, ...besides };
  return summary(
    isDrift ? driftLine(plan) : summaryLine(plan.summary),
    hasErrors(plan.diagnostics) ? { ...counts, partial: true, errored: true } : counts,
  );
}

/** How an apply ended, beyond what it counted. */
export interface ApplyEnd {
  readonly operation: "apply" | "destroy" | "adopt";
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
}

/** The last line of an apply, whether it succeeded or not. */
export function applySummaryLine(counts: ApplyCounts, end: ApplyEnd, besides: JsonObject = {}): EventLine {
  const { operation, failed, skipped, unknown } = end;
  const partial = failed + skipped + unknown > 0;
  const done = { add: counts.added, change: counts.changed, import: counts.adopted, remove: counts.destroyed };
  const message = partial
    ? `Apply incomplete: ${failed} failed, ${skipped} skipped, ${unknown} unknown.`
    : completeLine(counts, operation);
  const ends = { partial, failed, skipped, unknown };
  return summary(message, { ...done, operation, forget: counts.forgotten, ...ends, ...besides });
}

/** The last line of a stream that ended with an error before there was anything to count. */
export function erroredSummaryLine(operation: string, besides: JsonObject = {}): EventLine {
  const nothing = { add: 0, change: 0, import: 0, remove: 0, operation, forget: 0 };
  return summary("Stopped by an error.", { ...nothing, partial: true, errored: true, ...besides });
}

/** The outputs after an apply. */
export function outputsLine(outputs: { readonly [name: string]: OutputState }): EventLine {
  return info("outputs", `Outputs: ${Object.keys(outputs).length}`, { outputs: outputsJson(outputs) });
}

const HOOK_TYPES = {
  started: "apply_start",
  succeeded: "apply_complete",
  failed: "apply_errored",
  unknown: "apply_errored",
  skipped: "apply_skipped",
  retrying: "retry",
  waiting: "wait",
} as const;

/** What happened to an action. Names of our own (`queue`, `retry`, `wait`, `apply_skipped`) are to be ignored by others. */
export function actionLine(event: Exclude<ExecuteEvent, { readonly event: "notice" }>): EventLine {
  if (event.event === "counts") return queueLine(event);
  const message = eventLine(event, PLAIN) ?? "";
  const hook: JsonObject = {
    resource: eventResource(event.address),
    action: ACTION_WORDS[event.does].ui,
    ...("machineId" in event && event.machineId !== undefined ? { id_key: "id", id_value: event.machineId } : {}),
    ...("tookMs" in event ? { elapsed_seconds: Math.floor(event.tookMs / 1000) } : {}),
    orbform: { action: event.action, does: event.does, outcome: event.event },
  };
  return info(HOOK_TYPES[event.event], message, { hook });
}

/** An action that is still under way. */
export function progressLine(running: Running, now: number): EventLine {
  const { address, does, action, at } = running.started;
  const elapsed = Math.floor((now - at) / 1000);
  const hook = {
    resource: eventResource(address),
    action: ACTION_WORDS[does].ui,
    elapsed_seconds: elapsed,
    orbform: { action, does },
  };
  return info("apply_progress", stillLine(running, now), { hook });
}

function queueLine({ event: _event, at: _at, ...counts }: Extract<ExecuteEvent, { event: "counts" }>): EventLine {
  return info("queue", `${counts.running} running, ${counts.waiting} waiting`, { queue: { ...counts } });
}

function info(type: string, message: string, body: JsonObject): EventLine {
  return { level: "info", message, type, body };
}

function summary(message: string, changes: JsonObject): EventLine {
  return info("change_summary", message, { changes });
}
