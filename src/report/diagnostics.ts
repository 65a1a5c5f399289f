import type { Diagnostic } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Place } from "../model/place.ts";
import { printable } from "../model/printable.ts";
import type { Theme } from "./theme.ts";
import { oneLine } from "./value-text.ts";

/** How a diagnostic is shown. */
export interface DiagnosticLook {
  readonly theme: Theme;
  /** A rule at the left, as Terraform draws on a terminal. */
  readonly ruled: boolean;
  /** The text of the file it points into, for the line and the byte offset; absent where it can't be read. */
  readonly source?: string;
}

/** One diagnostic as a block: what, where, why, and what to do. Ends with a line break. */
export function diagnosticText(diagnostic: Diagnostic, look: DiagnosticLook): string {
  const { theme } = look;
  const isError = diagnostic.severity === "error";
  const title = isError ? theme.error("Error: ") : theme.warning("Warning: ");
  const head = `${title}${theme.strong(oneLine(diagnostic.summary))} ${theme.dim(`(${diagnostic.code})`)}`;
  const parts = [head, whereText(diagnostic, look), printable(diagnostic.detail).trimEnd(), hintText(diagnostic)];
  const lines = parts
    .filter((part) => part !== "")
    .join("\n\n")
    .split("\n");
  if (!look.ruled) return `\n${lines.join("\n")}\n`;
  const rule = isError ? theme.error : theme.warning;
  return `${rule("╷")}\n${lines.map((line) => `${rule("│")} ${line}\n`).join("")}${rule("╵")}\n`;
}

function whereText({ place, address }: Diagnostic, { source, theme }: DiagnosticLook): string {
  if (place === undefined) return address === undefined ? "" : `  with ${oneLine(address)}`;
  const inside = address === undefined ? "" : `, in ${oneLine(address)}`;
  const where = `  on ${oneLine(place.file)} line ${place.line}${inside}:`;
  const line = lineOf(source, place);
  return line === undefined ? where : `${where}\n  ${theme.strong(`${place.line}:`)} ${oneLine(line)}`;
}

function hintText({ hint }: Diagnostic): string {
  return hint === undefined ? "" : printable(hint).trimEnd();
}

function lineOf(source: string | undefined, place: Place): string | undefined {
  return source?.split("\n")[place.line - 1];
}

/** One diagnostic in Terraform's JSON shape, with our code and hint beside it. */
export function diagnosticJson(diagnostic: Diagnostic, source?: string): JsonObject {
  const { severity, code, summary, detail, hint, address, place } = diagnostic;
  return compact({
    severity,
    summary: printable(summary),
    detail: printable(detail),
    address,
    range: place && rangeOf(place, source),
    snippet: place && snippetOf(place, source),
    code,
    hint: hint === undefined ? undefined : printable(hint),
  });
}

/** What `validate --json` prints. */
export function validationJson(diagnostics: readonly Diagnostic[]): JsonObject {
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  return {
    format_version: "1.0",
    valid: errors === 0,
    error_count: errors,
    warning_count: diagnostics.length - errors,
    diagnostics: diagnostics.map((each) => diagnosticJson(each)),
  };
}

function rangeOf(place: Place, source: string | undefined): JsonObject {
  const byte = source === undefined ? 0 : byteOf(source, place);
  const start = { line: place.line, column: place.column, byte };
  return { filename: printable(place.file), start, end: { ...start, column: place.column + 1, byte: byte + 1 } };
}

function byteOf(source: string, place: Place): number {
  const before = source.split("\n").slice(0, place.line - 1);
  const line = (lineOf(source, place) ?? "").slice(0, place.column - 1);
  return new TextEncoder().encode([...before, line].join("\n")).length;
}

function snippetOf(place: Place, source: string | undefined): JsonObject | undefined {
  const code = lineOf(source, place);
  if (code === undefined) return undefined;
  const start = place.column - 1;
  return {
    context: null,
    code: printable(code),
    start_line: place.line,
    highlight_start_offset: start,
    highlight_end_offset: start + 1,
    values: [],
  };
}

/** An object without the keys that are `undefined`. */
function compact(parts: { readonly [key: string]: Json | undefined }): JsonObject {
  const entries = Object.entries(parts).flatMap(([key, value]): [string, Json][] =>
    value === undefined ? [] : [[key, value]],
  );
  return Object.fromEntries(entries);
}
