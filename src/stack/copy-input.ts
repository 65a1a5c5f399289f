import { OrbformError } from "../model/errors.ts";
import { brandOf } from "./handle.ts";

/** How deep an author's data may be nested. Deeper means a cycle or a mistake. */
const MAX_DEPTH = 64;

/**
 * A frozen copy of what an author wrote: plain objects and arrays are copied, references and handles and anything
 * else stay as they are (the rules refuse what is not data). Later changes to the author's objects are not seen.
 * Errors: `ORB_PROPERTY_INVALID` where it is nested deeper than 64.
 */
export function copyInput<T>(input: T): T;
export function copyInput(input: unknown): unknown {
  return copy(input, 0);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || brandOf(value) !== undefined) return value;
  if (depth > MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) return Object.freeze(value.map((each: unknown) => copy(each, depth + 1)));
  if (!isPlainObject(value)) return value;
  // fromEntries defines keys, so an own `__proto__` stays a key, for the rules to refuse.
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each, depth + 1)])));
}

/** Whether a value is an object literal (or the like): no array, no class instance. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function tooDeep(): OrbformError {
  return new OrbformError("ORB_PROPERTY_INVALID", {
    summary: "A value is nested too deep",
    detail: `A value given to a resource is nested deeper than ${MAX_DEPTH} levels, or refers to itself.`,
    hint: "Pass plain data.",
  });
}
