import type { Address } from "./address.ts";
import type { Json } from "./json.ts";

/** A property of another resource, not known before that resource is there. Plain data; tagged, never a class. */
export interface RefValue {
  readonly "~orbform": "ref";
  readonly address: Address;
  readonly property: string;
}

/** A string put together from values, some of them references. */
export interface ConcatValue {
  readonly "~orbform": "concat";
  readonly parts: readonly Value[];
}

/** A value of a desired property: JSON, with references anywhere in it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | RefValue
  | ConcatValue
  | readonly Value[]
  | { readonly [key: string]: Value };

/** Whether a value is a reference. */
function isRef(value: unknown): value is RefValue {
  return isTagged(value, "ref");
}

/** Whether a value is a string put together from values. */
function isConcat(value: unknown): value is ConcatValue {
  return isTagged(value, "concat");
}

function isTagged(value: unknown, tag: string): boolean {
  return typeof value === "object" && value !== null && "~orbform" in value && value["~orbform"] === tag;
}

/** Every reference inside a value, or inside plain data with values in it, in the order they are written. */
export function refsIn(value: unknown): readonly RefValue[] {
  if (isRef(value)) return [value];
  if (isConcat(value)) return value.parts.flatMap(refsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((each: unknown) => refsIn(each));
}

/** Finds what a reference stands for; `undefined` while that is not known. */
export type Lookup = (ref: RefValue) => Json | undefined;

/** The value with its references replaced by what they stand for, or `undefined` if any of them is not known. */
export function resolveValue(value: Value, lookup: Lookup): Json | undefined {
  if (typeof value !== "object" || value === null) return value;
  if (isRef(value)) return lookup(value);
  if (isConcat(value)) return resolveConcat(value, lookup);
  // Nearly always: then it stands for itself, and nothing is made.
  if (isKnown(value)) return value;
  if (Array.isArray(value)) return resolveAll(value, lookup);
  const keys = Object.keys(value);
  const values = resolveAll(Object.values(value), lookup);
  return values && Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null]));
}

/** Whether a value is without references. */
function isKnown(value: Value): value is Json {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return !isRef(value) && !isConcat(value) && Object.values(value).every(isKnown);
}

function resolveConcat(value: ConcatValue, lookup: Lookup): string | undefined {
  return resolveAll(value.parts, lookup)?.map(String).join("");
}

function resolveAll(values: readonly Value[], lookup: Lookup): readonly Json[] | undefined {
  const resolved: Json[] = [];
  for (const each of values) {
    const one = resolveValue(each, lookup);
    if (one === undefined) return undefined;
    resolved.push(one);
  }
  return resolved;
}

/** The words of a list of them; none where it hangs on something. */
export function wordsIn(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
