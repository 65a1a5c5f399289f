import { OrbformError } from "../../model/errors.ts";
import type { Place } from "../../model/place.ts";
import { isPlainObject } from "../../stack/copy-input.ts";
import { brandOf } from "../../stack/handle.ts";
import type { Tree } from "../evaluate.ts";
import { isListed } from "../flatten.ts";
import type { Listed } from "../flatten.ts";
import { placeOf } from "../place-of.ts";
import type { Wire, WireHandle, WireTree } from "./wire.ts";

/** How deep data may be nested. */
const MAX_DEPTH = 80;

/** What is to be written of a stack. */
export interface Encodable extends Tree {
  /** What `defineStack` was given. */
  readonly input: { readonly [key: string]: unknown };
  readonly place: Place | undefined;
  readonly made: readonly unknown[];
}

/** A stack that was evaluated, as data. Errors: `ORB_PROPERTY_INVALID`, and whatever looking at an author's values throws. */
export function encodeTree({ input, place, made, original, resources, outputs }: Encodable): WireTree {
  const table = new Table();
  const whole = {
    kind: "tree",
    keys: Object.keys(input),
    ...(place !== undefined && { place }),
    original: table.encode(original),
    resources: table.encode(resources),
    outputs: table.encode(outputs),
    made: made.map((each) => table.made(each)),
  } as const;
  return { ...whole, handles: table.handles() };
}

/** Resources by number: each is written once, however many refer to it. */
class Table {
  readonly #numbers = new Map<Listed, number>();

  encode(value: unknown, depth = 0): Wire {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return Number.isFinite(value) ? value : { x: String(value) };
    if (value === undefined || typeof value === "function") return { x: typeof value };
    if (depth > MAX_DEPTH) throw tooDeep();
    if (isListed(value)) return { h: this.#numberOf(value) };
    if (brandOf(value) === "ref" && typeof value === "object") return refOf(value);
    if (brandOf(value) === "concat" && typeof value === "object" && "parts" in value && Array.isArray(value.parts)) {
      return { c: value.parts.map((part: unknown) => this.encode(part, depth + 1)) };
    }
    if (Array.isArray(value)) return { a: value.map((each: unknown) => this.encode(each, depth + 1)) };
    if (!isPlainObject(value)) return { x: "other" };
    return { o: Object.entries(value).map(([key, each]) => [key, this.encode(each, depth + 1)]) };
  }

  made(value: unknown): WireTree["made"][number] {
    if (brandOf(value) !== "stack" || typeof value !== "object" || value === null || !("~input" in value)) {
      return { stack: false, value: this.encode(value) };
    }
    const input = value["~input"];
    const resources = isPlainObject(input) ? input["resources"] : undefined;
    return { stack: true, value: this.encode(resources) };
  }

  /** Writing one may number others: they are written in their turn. */
  handles(): readonly WireHandle[] {
    const handles: WireHandle[] = [];
    for (const each of this.#numbers.keys()) {
      const place = placeOf(each["~site"].stack);
      const input = this.encode(each["~input"]);
      handles.push({ kind: each["~orbform"], rid: each["~rid"], input, ...(place !== undefined && { place }) });
    }
    return handles;
  }

  #numberOf(handle: Listed): number {
    const known = this.#numbers.get(handle) ?? this.#numbers.size;
    this.#numbers.set(handle, known);
    return known;
  }
}

function refOf(value: object | null): Wire {
  const [rid, property] = ["~rid", "property"].map((key): unknown => value && Reflect.get(value, key));
  return typeof rid === "string" && typeof property === "string" ? { r: [rid, property] } : { x: "other" };
}

function tooDeep(): OrbformError {
  return new OrbformError("ORB_PROPERTY_INVALID", {
    summary: "A value is nested too deep",
    detail: `A value is nested deeper than ${MAX_DEPTH} levels, or refers to itself. No machine was looked at.`,
    hint: "Pass plain data.",
  });
}
