import type { Json } from "../model/json.ts";
import { UNKNOWN, type AttributeChange } from "../model/plan.ts";
import type { DesiredInside } from "../model/resource.ts";
import { resolveValue } from "../model/value.ts";
import { attribute } from "../diff/attributes.ts";
import type { InsideDifference } from "../diff/inside.ts";
import type { Desk } from "./desk.ts";

/** What a resource inside a machine is known by: its path, its name, or its packages. */
export function insideName({ type, properties, address }: DesiredInside): string {
  const own = properties["path"] ?? properties["name"];
  if (typeof own === "string") return own;
  if (type === "packages") return Object.keys(properties["install"] ?? {}).join(", ");
  return address.split(".").at(-1) ?? address;
}

/** A sensitive value in a change. */
const SENSITIVE: Json = { "~orbform": "sensitive" };

/** A side of something's drift, or nothing of it where nobody may see what it holds. */
export function shownDrift({ sensitive }: DesiredInside, path: string, side: Json | undefined): Json | undefined {
  return sensitive && path === "content" && side !== undefined ? SENSITIVE : side;
}

/** Longest text of a file that a change shows. Characters. */
const LONGEST_TEXT = 64 * 1024;

/** Differences as a change shows them: text in place of its digest, what nobody may see hidden. */
export function insideAttributes(
  desk: Desk,
  desired: DesiredInside,
  differences: readonly InsideDifference[],
): readonly AttributeChange[] {
  return differences.map(({ path, before, after }) => {
    if (path !== "content") return attribute(path, { before, after });
    if (desired.sensitive)
      return attribute(path, { before: before === undefined ? undefined : SENSITIVE, after: SENSITIVE });
    const content = desired.properties["content"];
    const text = content === undefined ? after : resolveValue(content, desk.values.lookup);
    const isShort = typeof text === "string" && text.length <= LONGEST_TEXT;
    return attribute(path, { before, after: isShort ? text : (after ?? UNKNOWN) });
  });
}
