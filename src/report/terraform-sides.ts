/** The two sides of a change: what is known, what is not, and what nobody may see. */
import type { Json, JsonObject } from "../model/json.ts";
import { isUnknown, type AttributeChange, type Unknown } from "../model/plan.ts";
import { isSealedDigest } from "../model/sealed.ts";

/** A resource as it is on one side of a change. */
export interface Side {
  /** What is not known is left out. What is sensitive is `null`. */
  readonly values: JsonObject;
  /** `true` for each property that is not known. */
  readonly unknown: JsonObject;
  /** `true` for each property that is not shown. */
  readonly sensitive: JsonObject;
}

/** What stands on one side: the whole object, with what differs laid over it. */
export function sideOf(whole: JsonObject, attributes: readonly AttributeChange[], which: "before" | "after"): Side {
  const values: { [path: string]: Json | Unknown } = { ...whole };
  for (const attribute of attributes) lay(values, attribute.path, attribute[which]);
  return sorted(values);
}

/** The same with the properties that nobody may see, whatever they are. */
export function concealing({ values, unknown, sensitive }: Side, paths: readonly string[]): Side {
  const hidden = paths.filter((path) => values[path] !== undefined && values[path] !== null);
  return {
    values: { ...values, ...Object.fromEntries(hidden.map((path) => [path, null])) },
    unknown,
    sensitive: { ...sensitive, ...Object.fromEntries(hidden.map((path) => [path, true])) },
  };
}

/** A package is an entry of `install`: its name may have dots of its own. */
const ENTRY = /^install\.(.+)$/s;

function lay(values: { [path: string]: Json | Unknown }, path: string, value: Json | Unknown | undefined): void {
  const [, name] = ENTRY.exec(path) ?? [];
  if (name === undefined) {
    values[path] = value ?? null;
    return;
  }
  const others = Object.entries(Object(values["install"] ?? {})).filter(([each]) => each !== name);
  const own = value === undefined ? [] : [[name, value]];
  values["install"] = Object.fromEntries([...others, ...own]);
}

function sorted(all: { readonly [path: string]: Json | Unknown }): Side {
  const values: { [path: string]: Json } = {};
  const unknown: { [path: string]: Json } = {};
  const sensitive: { [path: string]: Json } = {};
  for (const [path, value] of Object.entries(all)) {
    if (isUnknown(value)) unknown[path] = true;
    else if (isHidden(value)) [values[path], sensitive[path]] = [null, true];
    else values[path] = value;
  }
  return { values, unknown, sensitive };
}

/** The mark of a sensitive value, or the digest of a content that nobody may see. */
function isHidden(value: Json): boolean {
  if (typeof value === "string") return value.startsWith("sha256:") && isSealedDigest(value.slice("sha256:".length));
  return typeof value === "object" && value !== null && Reflect.get(value, "~orbform") === "sensitive";
}
