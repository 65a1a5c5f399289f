/** What values read from JSON are checked with. A check says what is wrong first and where, never what stands there. */
import { parseAddress } from "../model/address.ts";

/** What is wrong with a value. */
export interface Trouble {
  /** Where: `actions[3].target.id`; empty = the value itself. */
  readonly path: string;
  readonly why: string;
}

/** Where in a document a check is. */
export interface Spot {
  readonly above: Spot | undefined;
  readonly key: string | number;
}

/** Finds what is wrong with a value; `undefined` = nothing. */
export type Check = (value: unknown, spot: Spot | undefined) => Trouble | undefined;

/** Checks by the keys of an object. */
export type Fields = { readonly [key: string]: Check };

/** Any text. */
export const text: Check = (value, spot) => unless(typeof value === "string", spot, "text");

/** A text that is not empty. */
export const word: Check = (value, spot) => unless(typeof value === "string" && value !== "", spot, "a word");

/** A text that is something. */
export function fitting(is: (text: string) => boolean, what: string): Check {
  return (value, spot) => unless(typeof value === "string" && is(value), spot, what);
}

/** A truth value. */
export const flag: Check = (value, spot) => unless(typeof value === "boolean", spot, "true or false");

/** Any number. */
export const number: Check = (value, spot) => unless(Number.isFinite(value), spot, "a number");

/** A whole number from 0 on. */
export const count: Check = (value, spot) =>
  unless(Number.isSafeInteger(value) && Number(value) >= 0, spot, "a whole number from 0 on");

/** The address of a resource. */
export const address: Check = (value, spot) =>
  unless(typeof value === "string" && parseAddress(value) !== undefined, spot, "an address");

/** `sha256:…`. */
export const digest: Check = (value, spot) =>
  unless(typeof value === "string" && value.startsWith("sha256:"), spot, "a digest");

/** One of these values. */
export function oneOf(...values: readonly unknown[]): Check {
  return (value, spot) => unless(values.includes(value), spot, "a word that belongs here");
}

/** A list of which every item passes. */
export function list(each: Check): Check {
  return (value, spot) => {
    if (!Array.isArray(value)) return trouble(spot, "it is not a list");
    return firstOf(value.keys(), (index) => each(value[index], { above: spot, key: index }));
  };
}

/** An object that is looked up by keys which pass, with values which pass. */
export function mapOf(key: Check, each: Check): Check {
  return (value, spot) => {
    if (!isObject(value)) return trouble(spot, "it is not an object");
    return firstOf(Object.keys(value), (name) => {
      const at = { above: spot, key: name };
      return key(name, at) ?? each(value[name], at);
    });
  };
}

/** An object with exactly these fields. A key that this version doesn't know may change what is meant: it is refused. */
export function object(required: Fields, optional: Fields = {}): Check {
  const all = { ...required, ...optional };
  const known = (key: string): boolean => Object.hasOwn(all, key);
  return (value, spot) =>
    loose(required, optional)(value, spot) ??
    firstOf(Object.keys(Object(value)), (key) =>
      known(key) ? undefined : trouble({ above: spot, key }, "a key that is not known"),
    );
}

/** An object with these fields and any others. */
export function loose(required: Fields, optional: Fields = {}): Check {
  const all = Object.entries({ ...required, ...optional });
  return (value, spot) => {
    if (!isObject(value)) return trouble(spot, "it is not an object");
    return firstOf(all, ([key, check]) => {
      const at = { above: spot, key };
      if (Object.hasOwn(value, key)) return check(value[key], at);
      return Object.hasOwn(required, key) ? trouble(at, "it is missing") : undefined;
    });
  };
}

/** One of several objects, told apart by a field. */
export function byField(field: string, cases: Fields): Check {
  return (value, spot) => {
    if (!isObject(value)) return trouble(spot, "it is not an object");
    const word = Object.hasOwn(value, field) ? value[field] : undefined;
    const check = typeof word === "string" && Object.hasOwn(cases, word) ? cases[word] : undefined;
    return check === undefined
      ? trouble({ above: spot, key: field }, "it is not a word that belongs here")
      : check(value, spot);
  };
}

/** `null`, or what passes. */
export const nullOr = (check: Check): Check => either(oneOf(null), check);

/** Either of two. What is said is what is wrong by the second. */
function either(first: Check, second: Check): Check {
  return (value, spot) => (first(value, spot) === undefined ? undefined : second(value, spot));
}

function trouble(spot: Spot | undefined, why: string): Trouble {
  return { path: pathOf(spot), why };
}

/** Whether a value is an object of fields. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unless(passes: boolean, spot: Spot | undefined, what: string): Trouble | undefined {
  return passes ? undefined : trouble(spot, `it is not ${what}`);
}

function firstOf<T>(all: Iterable<T>, find: (each: T) => Trouble | undefined): Trouble | undefined {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pathOf(spot: Spot | undefined): string {
  if (spot === undefined) return "";
  const { above, key } = spot;
  if (typeof key === "number") return `${pathOf(above)}[${key}]`;
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${pathOf(above)}[${JSON.stringify(key)}]`;
  return above === undefined ? key : `${pathOf(above)}.${key}`;
}
