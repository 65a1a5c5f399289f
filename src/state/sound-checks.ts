/** What quick checks of JSON are put together from. */

/** Whether a value read from JSON is what it must be. */
export type Check = (value: unknown) => boolean;
/** Checks by the keys of an object. */
export type Fields = Readonly<Record<string, Check>>;

/** Whatever JSON can hold. */
export const anything: Check = () => true;
/** Any text. */
export const text: Check = (value) => typeof value === "string";
/** Text that is not empty. */
export const word: Check = (value) => typeof value === "string" && value !== "";
/** `true` or `false`. */
export const flag: Check = (value) => typeof value === "boolean";
/** A finite number. */
export const number: Check = (value) => Number.isFinite(value);
/** A whole number from 0. */
export const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** A whole number from 1. */
export const positive: Check = (value) => count(value) && value !== 0;
/** One of some values. */
export const oneOf = (...values: readonly unknown[]): Check => {
  return (value) => values.includes(value);
};

/** Whether a value is an object and no array. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these fields; others that it has are let through. */
export function object(required: Fields, optional: Fields = {}): Check {
  const needed = Object.entries(required);
  const allowed = Object.entries(optional);
  return (value) => {
    if (!isObject(value)) return false;
    // In what was read from JSON, undefined is absent; asking for own keys would cost more than the checks.
    for (const [key, check] of needed) if (value[key] === undefined || !check(value[key])) return false;
    for (const [key, check] of allowed) if (value[key] !== undefined && !check(value[key])) return false;
    return true;
  };
}

/** An array of such values. */
export function list(each: Check): Check {
  return (value) => Array.isArray(value) && value.every(each);
}

/** An object with such values under any keys. */
export function mapOf(each: Check): Check {
  return (value) => {
    if (!isObject(value)) return false;
    for (const key of Object.keys(value)) if (!each(value[key])) return false;
    return true;
  };
}

/** One of several objects, told apart by one field. */
export function byField(field: string, cases: ReadonlyMap<unknown, Check>): Check {
  return (value) => isObject(value) && cases.get(value[field])?.(value) === true;
}
