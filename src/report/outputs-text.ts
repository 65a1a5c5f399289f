import type { Json, JsonObject } from "../model/json.ts";
import type { OutputChange } from "../model/plan.ts";
import type { OutputState } from "../model/snapshot.ts";
import { printable } from "../model/printable.ts";
import type { Theme } from "./theme.ts";
import { oneLine, valueText } from "./value-text.ts";

type Outputs = { readonly [name: string]: OutputState };

/** `Changes to Outputs:` below a plan; empty where there are none. */
export function outputChangesText(changes: readonly OutputChange[], theme: Theme): string {
  if (changes.length === 0) return "";
  const width = Math.max(...changes.map((each) => oneLine(each.name).length));
  return `\nChanges to Outputs:\n${changes.map((each) => changeLine(each, width, theme)).join("")}`;
}

function changeLine(change: OutputChange, width: number, theme: Theme): string {
  const name = oneLine(change.name).padEnd(width);
  const shown = (value: OutputChange["after"]) => (change.sensitive ? "(sensitive value)" : valueText(value, 4));
  if (change.before === undefined) return `  ${theme.add("+")} ${name} = ${shown(change.after)}\n`;
  if (change.after === undefined) return `  ${theme.destroy("-")} ${name} = ${shown(change.before)} -> null\n`;
  if (change.sensitive) return `  ${theme.change("~")} ${name} = (sensitive value)\n`;
  return `  ${theme.change("~")} ${name} = ${shown(change.before)} -> ${shown(change.after)}\n`;
}

/** Outputs as `name = value` lines, sorted by name. */
export function outputsText(outputs: Outputs): string {
  const entries = sorted(outputs);
  const width = Math.max(0, ...entries.map(([name]) => oneLine(name).length));
  return entries
    .map(([name, output]) => {
      const value = output.sensitive ? "<sensitive>" : valueText(output.value);
      return `${oneLine(name).padEnd(width)} = ${value}\n`;
    })
    .join("");
}

/** One output's bare value: a string as it is, anything else as JSON. */
export function rawOutput(output: OutputState): string {
  return typeof output.value === "string" ? output.value : JSON.stringify(output.value);
}

/** Terraform's JSON form of outputs: `{ name: { sensitive, type, value } }`. A sensitive value is never stored, so it is absent. */
export function outputsJson(outputs: Outputs): JsonObject {
  const entries = sorted(outputs).map(([name, { sensitive, value }]): [string, JsonObject] => [
    name,
    sensitive ? { sensitive } : { sensitive, type: valueType(value), value },
  ]);
  return Object.fromEntries(entries);
}

/** Outputs for `.env` files: `ORB_` is not put in front; names in upper snake case, values quoted. Sensitive ones are left out. */
export function outputsDotenv(outputs: Outputs): string {
  return sorted(outputs)
    .filter(([, output]) => !output.sensitive)
    .map(([name, output]) => `${variableName(name)}=${quoted(printable(rawOutput(output)))}\n`)
    .join("");
}

function sorted(outputs: Outputs): readonly (readonly [string, OutputState])[] {
  return Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A value's type, as Terraform's JSON writes types: `["tuple", ["string", "number"]]`. */
export function valueType(value: Json): Json {
  if (value === null) return "dynamic";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "object") return typeof value;
  if (isList(value)) return ["tuple", value.map(valueType)];
  return ["object", Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valueType(each)]))];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function variableName(name: string): string {
  const snake = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9_]/g, "_")
    .toUpperCase();
  return /^\d/.test(snake) ? `_${snake}` : snake;
}

/**
 * Quoted so that a shell and the readers of `.env` files see the same: single quotes where something would be expanded;
 * double quotes and escapes, which only a shell undoes, where the value has a single quote too.
 */
function quoted(value: string): string {
  if (!/[\\"$`\n\r]/.test(value)) return `"${value}"`;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`;
}
