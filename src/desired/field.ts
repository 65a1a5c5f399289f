import type { Address } from "../model/address.ts";
import type { Findings } from "./findings.ts";
import { described } from "./quoted.ts";
import type { Scope } from "./scope.ts";

/** What rules need to read the properties of one resource. */
export interface Reading {
  readonly findings: Findings;
  readonly scope: Scope;
  /** What it turned out to need directly, and through which property. */
  readonly needs: Map<Address, string>;
}

/** One property that is being read; `value` is never `undefined`. */
export interface Field extends Reading {
  /** As authors write it: `isolated.network`. */
  readonly name: string;
  readonly value: unknown;
}

/** Reads one property with `read` where it is there. */
export function read<T>(
  reading: Reading,
  [name, value]: readonly [string, unknown],
  how: (field: Field) => T | undefined,
): T | undefined {
  return value === undefined ? undefined : how({ ...reading, name, value });
}

/** Says that a property's value is not what it must be, and gives `undefined`. */
export function refuse(field: Field, must: string, hint?: string): undefined {
  const known = isReference(field.value) ? "ORB_VALUE_UNKNOWN" : "ORB_PROPERTY_INVALID";
  field.findings.error(known, {
    summary: isReference(field.value) ? "Value must be known before planning" : "Property has a wrong value",
    detail: `"${field.name}" must be ${must}, but is ${described(field.value)}.`,
    ...(hint === undefined ? {} : { hint }),
  });
  return undefined;
}

/** Whether an author's value is a reference or a string built from some. */
export function isReference(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "~orbform" in value &&
    (value["~orbform"] === "ref" || value["~orbform"] === "concat")
  );
}

/** A plain string, without control characters. */
export function readText(field: Field): string | undefined {
  if (typeof field.value !== "string") return refuse(field, "a string");
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/u.test(field.value)) return refuse(field, "text without control characters");
  return field.value === "" ? refuse(field, "a string that is not empty") : field.value;
}

/** `true` or `false`. */
export function readBoolean(field: Field): boolean | undefined {
  return typeof field.value === "boolean" ? field.value : refuse(field, "true or false");
}

/** One of a few words. */
export function readWord<const T extends string>(words: readonly T[]): (field: Field) => T | undefined {
  return (field) => {
    const found = words.find((word) => word === field.value);
    return found ?? refuse(field, words.map((word) => `"${word}"`).join(" or "));
  };
}

/** A whole number within bounds. */
export function readWhole(bounds: {
  readonly min: number;
  readonly max: number;
}): (field: Field) => number | undefined {
  return (field) => {
    const { value } = field;
    const fits = typeof value === "number" && Number.isInteger(value) && value >= bounds.min && value <= bounds.max;
    return fits ? value : refuse(field, `a whole number from ${bounds.min} to ${bounds.max}`);
  };
}

/** An array, each element read by `how` under the name `property[0]`. */
export function readList<T>(how: (field: Field) => T | undefined): (field: Field) => readonly T[] | undefined {
  return (field) => {
    if (!Array.isArray(field.value)) return refuse(field, "an array");
    const items: T[] = [];
    for (const [index, value] of field.value.entries()) {
      const item = how({ ...field, name: `${field.name}[${index}]`, value });
      if (item !== undefined) items.push(item);
    }
    return items;
  };
}

/** A user name as Linux takes it; a person's own name on the Mac may have dots and capitals. */
export function readUserName(field: Field): string | undefined {
  const { value } = field;
  const fits = typeof value === "string" && /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(value);
  return fits ? value : refuse(field, "the name of a user");
}
