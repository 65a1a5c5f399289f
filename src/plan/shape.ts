/** What values read from JSON are checked with. A check says what is wrong first and where, never what stands there. */
import { parseAddress } from "../model/address.ts";
import type { Json, JsonObject } from "../model/json.ts";

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
type Test = (value: unknown, spot: Spot | undefined) => Trouble | undefined;

/** Schemas by name, as they are met: what is named is written once, and referred to. */
export type Definitions = Map<string, JsonObject>;

/** A test of a value, which can say as well what passes: a JSON schema of draft 2020-12. */
export interface Check extends Test {
  readonly schema: (definitions: Definitions) => JsonObject;
}

/** Checks by the keys of an object. */
export type Fields = { readonly [key: string]: Check };

/** A check of a test and of what passes it. */
export function check(test: Test, schema: JsonObject | Check["schema"]): Check {
  return Object.assign((value: unknown, spot: Spot | undefined) => test(value, spot), {
    schema: typeof schema === "function" ? schema : () => schema,
  });
}

/** A check that is built when it is needed, so that it can hold itself; its schema is written once. */
export function named(name: string, make: () => Check): Check {
  let made: Check | undefined;
  const built = (): Check => (made ??= make());
  return check(
    (value, spot) => built()(value, spot),
    (definitions) => {
      if (!definitions.has(name)) {
        definitions.set(name, {});
        definitions.set(name, built().schema(definitions));
      }
      return { $ref: `#/$defs/${name}` };
    },
  );
}

function is(passes: (value: unknown) => boolean, what: string, schema: JsonObject): Check {
  return check((value, spot) => (passes(value) ? undefined : trouble(spot, `it is not ${what}`)), schema);
}

/** What was read from JSON and holds nothing hostile is JSON. */
export const json: Check = check(() => undefined, {});

/** Any text. */
export const text: Check = is((value) => typeof value === "string", "text", { type: "string" });

/** A text that is not empty. */
export const word: Check = is((value) => typeof value === "string" && value !== "", "a word", {
  type: "string",
  minLength: 1,
});

/** A text that is something; `pattern`: what it looks like, for those who can only look. */
export function fitting(passes: (text: string) => boolean, what: string, pattern: string): Check {
  return is((value) => typeof value === "string" && passes(value), what, { type: "string", pattern });
}

/** A truth value. */
export const flag: Check = is((value) => typeof value === "boolean", "true or false", { type: "boolean" });

/** Any number. */
export const number: Check = is(Number.isFinite, "a number", { type: "number" });

/** A number from 0 on. */
export const nonNegative: Check = is((value) => Number.isFinite(value) && Number(value) >= 0, "a number from 0 on", {
  type: "number",
  minimum: 0,
});

/** A whole number from 0 on. */
export const count: Check = is(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  "a whole number from 0 on",
  { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
);

const KEY = "[A-Za-z][A-Za-z0-9_-]*";

/** The address of a resource. */
export const address: Check = fitting(
  (value) => parseAddress(value) !== undefined,
  "an address",
  `^(?:${KEY}/)*${KEY}\\.${KEY}$`,
);

/** `sha256:…`. */
export const digest: Check = fitting((value) => value.startsWith("sha256:"), "a digest", "^sha256:");

/** One of these values. */
export function oneOf(...values: readonly Json[]): Check {
  const all: readonly unknown[] = values;
  const [only = null] = values;
  return is(
    (value) => all.includes(value),
    "a word that belongs here",
    values.length === 1 ? { const: only } : { enum: values },
  );
}

/** A list of which every item passes. */
export function list(each: Check): Check {
  return check(
    (value, spot) => {
      if (!Array.isArray(value)) return trouble(spot, "it is not a list");
      return firstOf(value.keys(), (index) => each(value[index], { above: spot, key: index }));
    },
    (definitions) => ({ type: "array", items: each.schema(definitions) }),
  );
}

/** An object that is looked up by keys which pass, with values which pass. */
export function mapOf(key: Check, each: Check): Check {
  return check(
    (value, spot) => {
      if (!isObject(value)) return trouble(spot, "it is not an object");
      return firstOf(Object.keys(value), (name) => {
        const at = { above: spot, key: name };
        return key(name, at) ?? each(value[name], at);
      });
    },
    (definitions) => ({
      type: "object",
      propertyNames: key.schema(definitions),
      additionalProperties: each.schema(definitions),
    }),
  );
}

/** An object with exactly these fields. A key that this version doesn't know may change what is meant: it is refused. */
export function object(required: Fields, optional: Fields = {}): Check {
  const all = { ...required, ...optional };
  const known = (key: string): boolean => Object.hasOwn(all, key);
  const open = loose(required, optional);
  return check(
    (value, spot) =>
      open(value, spot) ??
      firstOf(Object.keys(Object(value)), (key) =>
        known(key) ? undefined : trouble({ above: spot, key }, "a key that is not known"),
      ),
    (definitions) => ({ ...open.schema(definitions), additionalProperties: false }),
  );
}

/** An object with these fields and any others. */
export function loose(required: Fields, optional: Fields = {}): Check {
  const all = Object.entries({ ...required, ...optional });
  return check(
    (value, spot) => {
      if (!isObject(value)) return trouble(spot, "it is not an object");
      return firstOf(all, ([key, each]) => {
        const at = { above: spot, key };
        if (Object.hasOwn(value, key)) return each(value[key], at);
        return Object.hasOwn(required, key) ? trouble(at, "it is missing") : undefined;
      });
    },
    (definitions) => ({
      type: "object",
      properties: Object.fromEntries(all.map(([key, each]) => [key, each.schema(definitions)])),
      required: Object.keys(required),
    }),
  );
}

/** One of several objects, told apart by a field. */
export function byField(field: string, cases: Fields): Check {
  return check(
    (value, spot) => {
      if (!isObject(value)) return trouble(spot, "it is not an object");
      const word = Object.hasOwn(value, field) ? value[field] : undefined;
      const one = typeof word === "string" && Object.hasOwn(cases, word) ? cases[word] : undefined;
      return one === undefined
        ? trouble({ above: spot, key: field }, "it is not a word that belongs here")
        : one(value, spot);
    },
    (definitions) => ({
      type: "object",
      properties: { [field]: { enum: Object.keys(cases) } },
      required: [field],
      anyOf: Object.entries(cases).map(([word, one]) => ({
        properties: { [field]: { const: word } },
        allOf: [one.schema(definitions)],
      })),
    }),
  );
}

/** `null`, or what passes. */
export const nullOr = (one: Check): Check => either(oneOf(null), one);

/** Either of two. What is said is what is wrong by the second. */
export function either(first: Check, second: Check): Check {
  return check(
    (value, spot) => (first(value, spot) === undefined ? undefined : second(value, spot)),
    (definitions) => ({ anyOf: [first.schema(definitions), second.schema(definitions)] }),
  );
}

function trouble(spot: Spot | undefined, why: string): Trouble {
  return { path: pathOf(spot), why };
}

/** Whether a value is an object of fields. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
