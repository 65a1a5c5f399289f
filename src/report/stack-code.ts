import type { AuthoredMachine } from "../model/authored-machine.ts";
import type { Json } from "../model/json.ts";
import { asciiJson } from "./escaped.ts";
import { oneLine } from "./value-text.ts";

const WIDE = 100;

const HEAD = [
  "// Written by `orb adopt --generate` from machines that existed. Yours to change: nothing writes it again.",
  "// What a machine was cloned or restored from, its cloud-init and what is installed in it can't be told from outside.",
  'import { defineStack, machine } from "orbform";',
  "",
].join("\n");

/**
 * The code of a stack that declares machines. Whatever they are called and whatever was reported of them, it is only ever
 * the text of a literal, in ASCII, or of a comment on one line.
 */
export function stackCode(machines: readonly AuthoredMachine[]): string {
  const entries = machines.map(entryOf);
  const resources = entries.length === 0 ? "{}" : `{\n${entries.join("")}  }`;
  return `${HEAD}\nexport default defineStack({\n  resources: ${resources},\n});\n`;
}

function entryOf({ key, input, remarks }: AuthoredMachine): string {
  const comments = remarks.map((each) => `    // ${commentText(each)}\n`).join("");
  return `${comments}    ${propertyName(key)}: machine(${literal(input, 4)}),\n`;
}

/** A comment ends where its line does, and nothing in it ends the line: there are more ends of a line than `\n`. */
function commentText(text: string): string {
  return asciiJson(oneLine(text))
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("\\\\", "\\");
}

function literal(value: Json, indent: number): string {
  const flat = flatLiteral(value);
  if (indent + flat.length <= WIDE || typeof value !== "object" || value === null) return flat;
  const pad = " ".repeat(indent + 2);
  const end = " ".repeat(indent);
  if (isList(value)) return `[\n${value.map((each) => `${pad}${literal(each, indent + 2)},\n`).join("")}${end}]`;
  const lines = Object.entries(value).map(
    ([key, each]) => `${pad}${propertyName(key)}: ${literal(each, indent + 2)},\n`,
  );
  return `{\n${lines.join("")}${end}}`;
}

function flatLiteral(value: Json): string {
  if (typeof value !== "object" || value === null) return asciiJson(value);
  if (isList(value)) return `[${value.map(flatLiteral).join(", ")}]`;
  const properties = Object.entries(value).map(([key, each]) => `${propertyName(key)}: ${flatLiteral(each)}`);
  return properties.length === 0 ? "{}" : `{ ${properties.join(", ")} }`;
}

/** `__proto__` as a plain name would set what the object inherits from. */
function propertyName(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : asciiJson(key);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
