import type { Diagnostic } from "../model/diagnostic.ts";
import { diagnosticJson } from "./diagnostics.ts";
import type { EventLine } from "./events-json.ts";

/** What came of one machine, as it is told. */
export interface MachineEnd {
  readonly machine: string;
  /** `failed`: what was to be done was begun and did not succeed; `unreachable`: whether it was done is not known, or it was not. */
  readonly status: "succeeded" | "failed" | "unreachable" | "skipped";
  /** Of a command that ended. */
  readonly exitCode?: number;
  readonly problem?: Diagnostic;
}

/** How many machines came to what. */
export interface EndCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly unreachable: number;
  readonly skipped: number;
}

/** Text that a command printed. Bytes that are no UTF-8 read as U+FFFD. */
export function outputLine(machine: string, stream: "stdout" | "stderr", text: string): EventLine {
  const body = { machine, stream, text };
  return { level: "info", message: `${machine}: ${text.trimEnd()}`, type: "command_output", body };
}

/** A file that was copied. */
export function copiedLine(machine: string, path: string, bytes: number): EventLine {
  return { level: "info", message: `${machine}: ${path}`, type: "file_copied", body: { machine, path, bytes } };
}

/** What came of one machine. */
export function endLine(end: MachineEnd): EventLine {
  const { machine, status, exitCode, problem } = end;
  const body = {
    machine,
    status,
    ...(exitCode !== undefined && { exit_code: exitCode }),
    ...(problem !== undefined && { diagnostic: diagnosticJson(problem) }),
  };
  const level = status === "succeeded" ? "info" : "error";
  return { level, message: `${machine}: ${endWords(end)}`, type: "machine_complete", body };
}

/** The last line. */
export function countsLine(operation: string, counts: EndCounts): EventLine {
  const body = { operation, ...counts };
  return { level: "info", message: countsText(counts), type: "machines_summary", body };
}

/** `3 machines: 2 succeeded, 1 failed.` */
export function countsText(counts: EndCounts): string {
  const all = counts.succeeded + counts.failed + counts.unreachable + counts.skipped;
  const parts = (["succeeded", "failed", "unreachable", "skipped"] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return `${all} ${all === 1 ? "machine" : "machines"}: ${parts.join(", ")}.`;
}

/** Counts what machines came to. */
export function countEnds(ends: readonly MachineEnd[]): EndCounts {
  const of = (status: MachineEnd["status"]): number => ends.filter((each) => each.status === status).length;
  return {
    succeeded: of("succeeded"),
    failed: of("failed"),
    unreachable: of("unreachable"),
    skipped: of("skipped"),
  };
}

/** `failed with exit code 3`. */
export function endWords({ status, exitCode }: Pick<MachineEnd, "status" | "exitCode">): string {
  return status === "failed" && exitCode !== undefined ? `failed with exit code ${exitCode}` : status;
}
