import type { Json } from "../model/json.ts";
import { isUnknown, type Unknown } from "../model/plan.ts";
import { printable } from "../model/printable.ts";

const WIDE = 60;

/** Text on one line without terminal controls; a line break shows as `\n`. */
export function oneLine(text: string): string {
  return printable(text)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\t", " ");
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** An amount of bytes for people: `0 B`, `762 MiB`, `1.5 GiB`; one decimal below ten. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** power;
  const digits = amount < 10 && !Number.isInteger(amount) ? 1 : 0;
  return `${amount.toFixed(digits)} ${UNITS[power] ?? "B"}`;
}

/**
 * A value as a plan shows it: JSON's form, `(known after apply)` where it is not known. Lists and objects that are too
 * wide for a line are broken into several, indented by `indent` columns.
 */
export function valueText(value: Json | Unknown | undefined, indent = 0): string {
  if (value === undefined) return "null";
  if (isUnknown(value)) return "(known after apply)";
  if (isSensitive(value)) return "(sensitive value)";
  const flat = oneLine(flatText(value));
  if (flat.length <= WIDE || typeof value !== "object" || value === null) return flat;
  return broken(value, indent);
}

function isSensitive(value: Json): boolean {
  return typeof value === "object" && value !== null && "~orbform" in value && value["~orbform"] === "sensitive";
}

function flatText(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(flatText).join(", ")}]`;
  const entries = Object.entries(value).map(([key, each]) => `${key} = ${flatText(each)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function broken(value: readonly Json[] | { readonly [key: string]: Json }, indent: number): string {
  const pad = " ".repeat(indent + 4);
  const end = " ".repeat(indent);
  if (isList(value)) return `[\n${value.map((each) => `${pad}${valueText(each, indent + 4)},\n`).join("")}${end}]`;
  const entries = Object.entries(value);
  return `{\n${entries.map(([key, each]) => `${pad}${oneLine(key)} = ${valueText(each, indent + 4)}\n`).join("")}${end}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
