/** Text that is nearly what a reader expects, and text that is nothing of the kind. */
import * as fc from "fast-check";
import type { Json } from "../../src/model/json.ts";

/** What no message may ever show: it stands in every valid document that is mangled, where a secret could. */
export const SECRET = "s3cr3t-never-to-be-shown";

/** How many runs a property makes; ORBFORM_FUZZ=20 makes twenty times as many. */
export function fuzzRuns(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * Number(process.env["ORBFORM_FUZZ"] ?? 1)) };
}

/** A valid document of a format, as the text that is read. */
export interface Valid {
  readonly text: string;
  /** JSON as a whole, JSON by lines, or neither. */
  readonly shape: "json" | "lines" | "text";
}

/** Values that stand for text which `JSON.stringify` can't write. */
const RAW: { readonly [mark: string]: string } = {
  "\u0000deep array": `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "\u0000deep object": `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
  "\u0000infinite": "1e999",
  "\u0000minus zero": "-0",
  "\u0000lone surrogate": String.raw`"\ud800"`,
  "\u0000half": "[1,",
};

const STRANGE: readonly [Json, ...Json[]] = [
  null,
  true,
  -1,
  0.5,
  2 ** 53,
  1e308,
  "",
  "__proto__",
  "constructor",
  "\u001b]0;title\u0007\u001b[2J\u202e",
  "x".repeat(100_000),
  [],
  {},
  [null],
  [[]],
  Array.from({ length: 20_000 }, () => 0),
  { constructor: { prototype: {} } },
  ...Object.keys(RAW),
];

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "\u001b[31m", "a/b", "a.b", "length", "0"];

/** Any bytes, and any text. */
export function anything(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
    fc.string({ maxLength: 200 }),
    fc.json(),
    fc.constantFrom(...Object.values(RAW), "", "null", "[]", "{}", "\ufeff{}", "{".repeat(200_000)),
  );
}

/** One of these documents, changed in a few places: in its structure, in its text, or both. */
export function mangled(valid: readonly [Valid, ...Valid[]]): fc.Arbitrary<string> {
  return fc
    .record({
      valid: fc.constantFrom(...valid),
      structural: fc.array(structural(), { maxLength: 3 }),
      textual: fc.array(textual(), { maxLength: 2 }),
    })
    .map(({ valid: { text, shape }, structural: changes, textual: edits }) => {
      const changed = shape === "text" ? text : withStructure(text, shape, changes);
      return edits.reduce((before, edit) => edit(before), changed);
    });
}

type Edit = (text: string) => string;

/** Where, as fractions of whatever there is, and what to do there. */
interface Change {
  readonly line: number;
  readonly at: number;
  readonly does: "delete" | "replace" | "rename" | "duplicate" | "nest" | "swap" | "add" | "alter";
  readonly value: Json;
  readonly name: string;
}

const fraction = (): fc.Arbitrary<number> => fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function structural(): fc.Arbitrary<Change> {
  return fc.record({
    line: fraction(),
    at: fraction(),
    does: fc.constantFrom("delete", "replace", "rename", "duplicate", "nest", "swap", "add", "alter", "alter", "alter"),
    value: fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue({ maxDepth: 2 }).map(asJson)),
    name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 8 })),
  });
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? "null");
}

function textual(): fc.Arbitrary<Edit> {
  return fc.oneof(
    fraction().map(
      (at): Edit =>
        (text) =>
          text.slice(0, Math.floor(at * text.length)),
    ),
    fc.tuple(fraction(), fc.integer({ min: 0, max: 7 })).map(
      ([at, bit]): Edit =>
        (text) =>
          flipped(text, at, bit),
    ),
    fc.constant<Edit>((text) => text.replaceAll("\n", "\r\n")),
    fc.constant<Edit>((text) => `\ufeff${text}`),
    fc.constant<Edit>((text) => text + text),
    fc.constant<Edit>((text) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> theirs\n`),
    fc.tuple(fraction(), fraction()).map(
      ([from, to]): Edit =>
        (text) =>
          withoutPart(text, from, to),
    ),
    fc.tuple(fraction(), fc.string({ unit: "binary", maxLength: 6 })).map(([at, piece]): Edit => (text) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + piece + text.slice(place);
    }),
  );
}

function flipped(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return text;
  const place = Math.floor(at * bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  return bytes.toString("utf8");
}

function withoutPart(text: string, from: number, to: number): string {
  const [first, last] = [from, to].map((each) => Math.floor(each * text.length)).toSorted((a, b) => a - b);
  return text.slice(0, first) + text.slice(last);
}

function withStructure(text: string, shape: "json" | "lines", changes: readonly Change[]): string {
  if (changes.length === 0) return text;
  const documents = (shape === "lines" ? text.split("\n").filter(Boolean) : [text]).map((each) => JSON.parse(each));
  for (const change of changes) {
    const index = Math.floor(change.line * documents.length);
    documents[index] = changedAt(documents[index], { ...change, value: structuredClone(change.value) });
  }
  const written = documents.map((each) => rawText(each, shape === "json" ? 2 : 0));
  return `${written.join("\n")}\n`;
}

function rawText(document: Json, indent: number): string {
  return Object.entries(RAW).reduce(
    (text, [mark, raw]) => text.replaceAll(JSON.stringify(mark), () => raw),
    JSON.stringify(document, null, indent) ?? "null",
  );
}

interface Holder {
  readonly held: Json[] | { [key: string]: Json };
  readonly key: string;
}

/** Every place in a document that can be changed. */
function placesIn(value: Json, found: Holder[] = []): Holder[] {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, each] of Object.entries(value)) {
    // Arrays and objects that JSON.parse made are ours to change.
    found.push({ held: value as Holder["held"], key });
    placesIn(each, found);
  }
  return found;
}

function changedAt(document: Json, change: Change): Json {
  const places = placesIn(document);
  const place = places[Math.floor(change.at * places.length)];
  if (place === undefined) return change.value;
  const { held, key } = place;
  const before = own(held, key);
  switch (change.does) {
    case "delete":
      if (Array.isArray(held)) held.splice(Number(key), 1);
      else delete held[key];
      break;
    case "replace":
      put(held, key, change.value);
      break;
    case "rename":
    case "duplicate":
      if (Array.isArray(held)) held.push(before);
      else put(held, change.name, before);
      if (change.does === "rename" && !Array.isArray(held)) delete held[key];
      break;
    case "nest":
      put(held, key, change.line < 0.5 ? [before] : { [change.name]: before });
      break;
    case "swap":
      return swapped(places, place, change);
    case "alter":
      put(held, key, altered(before, change));
      break;
    case "add":
      put(held, Array.isArray(held) ? String(held.length) : change.name, change.value);
      break;
  }
  return document;
}

/** Puts at one place what stands at another: right in itself, wrong there. */
function swapped(places: readonly Holder[], { held, key }: Holder, { line }: Change): Json {
  const other = places[Math.floor(line * places.length)];
  const [root] = places;
  if (other !== undefined) put(held, key, structuredClone(own(other.held, other.key)));
  return root === undefined ? null : root.held;
}

/** Another value of the same type: what is checked for its type only lets it through. */
function altered(value: Json, { line, name }: Change): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return [0, -1, 1, 0.5, 2 ** 53, 1e21][Math.floor(line * 6)] ?? 0;
  if (typeof value === "string") return line < 0.5 ? name : `${value}${name}`;
  if (Array.isArray(value)) return line < 0.5 ? [] : [...value, ...value].toReversed();
  return value === null ? name : Object.fromEntries(Object.entries(value).slice(1));
}

function own(held: Holder["held"], key: string): Json {
  const found: Json | undefined = Object.getOwnPropertyDescriptor(held, key)?.value;
  return found ?? null;
}

/** Also a key `__proto__`, which an assignment would not make. */
function put(held: Holder["held"], key: string, value: Json): void {
  Object.defineProperty(held, key, { value, enumerable: true, configurable: true, writable: true });
}
