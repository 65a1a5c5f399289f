import type { InsideType, InsideWish, PathRights } from "./inside.ts";
import type { Json, JsonObject } from "./json.ts";
import { resolveValue, type Lookup, type Value } from "./value.ts";

/** Hex SHA-256 of a text's UTF-8 bytes, handed in so that pure code stays pure. */
export type HashText = (text: string) => string;

/** What is asked of something inside a machine, with references in it. */
export interface AskedInside {
  readonly type: InsideType;
  readonly properties: { readonly [property: string]: Value };
}

/**
 * What is asked with its references known, or `undefined` while one is not. Planner and executor both use this one, so that
 * what was applied compares equal to what is planned next.
 */
export function insideWish({ type, properties }: AskedInside, lookup: Lookup, hash: HashText): InsideWish | undefined {
  const resolved = resolveValue(properties, lookup);
  return isObject(resolved) ? wishOf(type, resolved, hash) : undefined;
}

/** A wish made of another's properties, which hold a digest where that of a file is asked for. */
export function wishFrom(type: InsideType, asked: JsonObject): InsideWish {
  return wishOf(type, asked, (content) => content);
}

function wishOf(type: InsideType, asked: JsonObject, hash: HashText): InsideWish {
  switch (type) {
    case "file":
      return { type, path: text(asked["path"]), digest: digestOf(asked, hash), ...rights(asked) };
    case "directory":
      return { type, path: text(asked["path"]), ...rights(asked) };
    case "packages":
      return { type, install: texts(asked["install"]), remove: list(asked["remove"]) };
    case "service":
      return { type, name: text(asked["name"]), ...flag("running", asked), ...flag("enabled", asked) };
    case "user":
      return {
        type,
        name: text(asked["name"]),
        ...word("shell", asked),
        ...word("home", asked),
        ...("groups" in asked && { groups: [...new Set(list(asked["groups"]))].toSorted() }),
        ...("authorizedKeys" in asked && { authorizedKeys: list(asked["authorizedKeys"]) }),
      };
    case "command":
    default:
      return {
        type: "command",
        run: script(asked["run"]),
        ...word("user", asked),
        ...word("workdir", asked),
        ...word("creates", asked),
        ...("unless" in asked && { unless: script(asked["unless"]) }),
        ...("onlyIf" in asked && { onlyIf: script(asked["onlyIf"]) }),
        ...(asked["triggers"] !== undefined && { triggers: asked["triggers"] }),
      };
  }
}

/** A source file's digest was taken when the stack was loaded. */
function digestOf(asked: JsonObject, hash: HashText): string {
  return typeof asked["digest"] === "string" ? asked["digest"] : hash(text(asked["content"]));
}

function rights(asked: JsonObject): PathRights {
  const mode = asked["mode"];
  return { ...(typeof mode === "number" && { mode }), ...word("owner", asked), ...word("group", asked) };
}

/** Rules refuse what is no text where it is written; what a reference gives may be a number. */
function text(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function word<K extends string>(key: K, asked: JsonObject): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  if (asked[key] !== undefined && asked[key] !== null) found[key] = text(asked[key]);
  return found;
}

function flag<K extends string>(key: K, asked: JsonObject): { readonly [P in K]?: boolean } {
  const found: { [P in K]?: boolean } = {};
  const value = asked[key];
  if (typeof value === "boolean") found[key] = value;
  return found;
}

function list(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function texts(value: Json | undefined): { readonly [key: string]: string } {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each)]));
}

function script(value: Json | undefined): readonly string[] | string {
  return Array.isArray(value) ? list(value) : text(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
