import { printable } from "../model/printable.ts";

const LONGEST = 80;

/** An author's text as messages show it: in quotes, on one line, without control characters, cut at 80 characters. */
export function quoted(text: string): string {
  const line = printable(text)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\t", String.raw`\t`);
  const characters = Array.from(line);
  return characters.length > LONGEST ? `"${characters.slice(0, LONGEST).join("")}…"` : `"${line}"`;
}

/** What kind of value it is, and which one where that is short: `the number 3`, `"large"`, `an array`. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return `the ${typeof value} ${String(value)}`;
  }
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && "~orbform" in value) return brandWords(value["~orbform"]);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function brandWords(brand: unknown): string {
  if (brand === "ref" || brand === "concat") return "a reference";
  return typeof brand === "string" ? `the ${quoted(brand)} resource itself` : "an object";
}
