import { assertNever } from "../model/errors.ts";
import type { CountsEvent, ExecuteEvent } from "../model/execute-event.ts";
import type { CallBegan, CallEnded, Happening, MachineDone, PlanMade } from "../model/happening.ts";
import type { JsonObject } from "../model/json.ts";
import { printable } from "../model/printable.ts";
import { summaryLine } from "./plan-summary.ts";
import { asciiJson } from "./escaped.ts";

/** How much is logged, the least first; each level has those before it. */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;

/** One of them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of the log, without its time and process. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  /** No detail of an error and no text from a machine: contents and secrets may stand in them. */
  readonly fields: JsonObject;
}

/** When and by whom a line is written. */
export interface Stamp {
  /** ISO-8601. */
  readonly timestamp: string;
  readonly pid: number;
}

/** The text of a line: JSON in ASCII, with Terraform's keys for what Terraform's log has, and no terminal controls. */
export function logText({ level, message, fields }: LogEntry, { timestamp, pid }: Stamp): string {
  const line = { "@level": level, "@message": message, "@module": "orbform", "@timestamp": timestamp, pid, ...fields };
  return asciiJson(JSON.parse(JSON.stringify(line), shown));
}

function shown(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printable(value) : value;
}

/** What is logged of something that happens. `attempt` is that which an action has come to. */
export function logEntry(happening: Happening, attempt: number): LogEntry {
  if (happening.event === "call began") return callBegins(happening);
  if (happening.event === "call ended") return callEntry(happening);
  if (happening.event === "planned") return planEntry(happening);
  if (happening.event === "machine done") return machineEntry(happening);
  return happening.event === "counts" ? countsEntry(happening) : actionEntry(happening, attempt);
}

function callBegins({ command, words }: CallBegan): LogEntry {
  return { level: "trace", message: `orbctl ${command}: begins`, fields: { operation: "call", command, words } };
}

function callEntry({ command, words, ending, exitCode, tookMs, pid, printedBytes }: CallEnded): LogEntry {
  const fields = {
    operation: "call",
    command,
    words,
    ending,
    exit: exitCode,
    duration_ms: tookMs,
    printed_bytes: printedBytes,
    ...(pid === undefined ? {} : { child_pid: pid }),
  };
  return { level: "debug", message: `orbctl ${command}: ${ending}`, fields };
}

function planEntry({ plan }: PlanMade): LogEntry {
  const { stack, env, serial, summary, actions } = plan;
  const fields = { operation: "plan", stack, ...(env === undefined ? {} : { env }), serial, actions: actions.length };
  return { level: "info", message: summaryLine(summary), fields: { ...fields, ...summary } };
}

function machineEntry({ machine, outcome, tookMs, exitCode, code }: MachineDone): LogEntry {
  const facts = { ...(exitCode === undefined ? {} : { exit: exitCode }), ...(code === undefined ? {} : { code }) };
  const fields = { operation: "machine", machine, outcome, duration_ms: tookMs, ...facts };
  return { level: outcome === "succeeded" ? "debug" : "error", message: `${machine}: ${outcome}`, fields };
}

function countsEntry({ total, running, waiting, remainingWorkMs, remainingPathMs, ...event }: CountsEvent): LogEntry {
  const { succeeded, failed, skipped, unknown } = event;
  const counts = { total, running, waiting, succeeded, failed, skipped, unknown };
  const fields = { ...counts, remaining_work_ms: remainingWorkMs, remaining_path_ms: remainingPathMs };
  return {
    level: "trace",
    message: `${running} running, ${waiting} waiting`,
    fields: { operation: "counts", ...fields },
  };
}

type ActionEvent = Exclude<ExecuteEvent, CountsEvent>;

function actionEntry(event: ActionEvent, attempt: number): LogEntry {
  const fields = { operation: event.does, address: event.address, action: event.action, attempt, ...factsOf(event) };
  return { level: LEVELS[event.event], message: `${event.address}: ${event.does} ${event.event}`, fields };
}

const LEVELS = {
  started: "debug",
  waiting: "trace",
  retrying: "warn",
  notice: "info",
  succeeded: "debug",
  failed: "error",
  unknown: "warn",
  skipped: "info",
} as const satisfies { readonly [event in ActionEvent["event"]]: LogLevel };

function factsOf(event: ActionEvent): JsonObject {
  switch (event.event) {
    case "started":
      return { expected_ms: event.expectedMs };
    case "waiting":
      return { waiting_for: event.waitingFor };
    case "retrying":
      return { attempt: event.attempt, in_ms: event.inMs, code: event.problem.code, summary: event.problem.summary };
    case "notice":
      return { code: event.notice.code, summary: event.notice.summary };
    case "succeeded":
      return { duration_ms: event.tookMs, ...(event.machineId === undefined ? {} : { machine_id: event.machineId }) };
    case "failed":
    case "unknown":
      return { duration_ms: event.tookMs, code: event.problem.code, summary: event.problem.summary };
    case "skipped":
      return { reason: event.reason, ...(event.because === undefined ? {} : { because: event.because }) };
    default:
      return assertNever(event);
  }
}
