import { openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Watch } from "../model/happening.ts";
import { LOG_LEVELS, logEntry, logText, type LogEntry, type LogLevel } from "../report/log-entry.ts";
import type { Console } from "./console.ts";
import { VERSION } from "./version.ts";

/** The log of one command. */
export interface Log {
  readonly watch: Watch;
  /** Its lines go to standard error: nothing may be redrawn there then. */
  readonly onStderr: boolean;
  /** The command ends with these errors. */
  failed(problems: readonly Diagnostic[]): void;
  ended(exit: number): void;
}

/**
 * Opens the log that `ORBFORM_LOG` asks for, one JSON object a line: appended to the file that `ORBFORM_LOG_PATH` names
 * (made with mode 0600), else on standard error. As with Terraform's `TF_LOG`, a level that is none is `trace`, and a
 * file that can't be written is standard error; a warning in the log says so. Writing is not waited for and never fails.
 */
export function openLog(command: string, console: Console): Log {
  const began = console.now();
  const { level, ...wrong } = levelOf(console.env["ORBFORM_LOG"] ?? "");
  const sink = sinkOf(console);
  const most = LOG_LEVELS.indexOf(level);
  const write = (entry: LogEntry): void => {
    if (LOG_LEVELS.indexOf(entry.level) > most) return;
    sink.write(`${logText(entry, { timestamp: new Date(console.now()).toISOString(), pid: process.pid })}\n`);
  };
  for (const warning of [wrong.warning, sink.warning]) if (warning !== undefined) write(warned(warning));
  // Never the arguments: inputs stand in them.
  const facts = { operation: "command", command, version: VERSION, node: process.versions.node };
  write({ level: "info", message: `${command}: begins`, fields: { ...facts, platform: process.platform } });
  return {
    watch: watchWith(write),
    onStderr: sink.onStderr,
    failed: (problems) => {
      for (const each of problems) write(failure(each));
    },
    ended: (exit) => {
      const fields = { operation: "command", command, exit, duration_ms: console.now() - began };
      write({ level: "info", message: `${command}: exits with ${exit}`, fields });
    },
  };
}

function watchWith(write: (entry: LogEntry) => void): Watch {
  const attempts = new Map<string, number>();
  return (happening) => {
    const action = "action" in happening ? happening.action : "";
    if (happening.event === "retrying") attempts.set(action, happening.attempt);
    write(logEntry(happening, attempts.get(action) ?? 1));
  };
}

function levelOf(word: string): { readonly level: LogLevel; readonly warning?: string } {
  const level = LOG_LEVELS.find((each) => each === word.trim().toLowerCase());
  if (level !== undefined) return { level };
  const known = [...LOG_LEVELS, "off"].join(", ");
  return { level: "trace", warning: `ORBFORM_LOG is ${JSON.stringify(word)}: taken as trace. There are: ${known}.` };
}

interface Sink {
  readonly onStderr: boolean;
  readonly warning?: string;
  write(line: string): void;
}

function sinkOf(console: Console): Sink {
  const path = console.env["ORBFORM_LOG_PATH"] ?? "";
  const stderr = { onStderr: true, write: (line: string) => console.err(line) };
  if (path === "") return stderr;
  try {
    const file = openSync(resolve(console.cwd, path), "a", 0o600);
    return { onStderr: false, write: (line) => append(file, line) };
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { ...stderr, warning: `ORBFORM_LOG_PATH can't be written (${why}): logging here.` };
  }
}

/** At once: a line is there though the process is killed after it. */
function append(file: number, line: string): void {
  try {
    writeSync(file, line);
  } catch {
    // A log that can't be written must not end what it tells of.
  }
}

function warned(message: string): LogEntry {
  return { level: "warn", message, fields: { operation: "log" } };
}

/** Without its detail, in which a machine's words may stand: that is told to who gave the command. */
function failure({ severity, code, summary, address }: Diagnostic): LogEntry {
  const fields = { operation: "command", code, ...(address === undefined ? {} : { address }) };
  return { level: severity === "error" ? "error" : "warn", message: summary, fields };
}
