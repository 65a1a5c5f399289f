import type { Json } from "../model/json.ts";
import { UNKNOWN, type AttributeChange, type Unknown } from "../model/plan.ts";
import type { DesiredInside } from "../model/resource.ts";
import { isSealedDigest } from "../model/sealed.ts";
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

/** Longest text of a file that a change shows. Characters. */
export const LONGEST_TEXT = 64 * 1024;

/** Differences as a change shows them: text in place of its digest, what nobody may see hidden. */
export function insideAttributes(
  desk: Desk,
  desired: DesiredInside,
  differences: readonly InsideDifference[],
): readonly AttributeChange[] {
  return differences.map(({ path, before, after }) => {
    if (path !== "content") return attribute(path, { before, after });
    if (desired.sensitive) return withoutContent(attribute(path, { before, after: after ?? UNKNOWN }));
    const content = desired.properties["content"];
    const text = content === undefined ? after : resolveValue(content, desk.values.lookup);
    const isShort = typeof text === "string" && text.length <= LONGEST_TEXT;
    return withoutFormer(attribute(path, { before, after: isShort ? text : (after ?? UNKNOWN) }));
  });
}

/** A change of a sensitive file, of the machine's making or of ours: that there is a content, and nothing of it. */
export function withoutContent(change: AttributeChange): AttributeChange {
  const { path, before, after } = change;
  if (path !== "content") return change;
  return attribute(path, { before: concealed(before), after: concealed(after) });
}

/** A change of a file that no longer is sensitive: what it held before stays a secret. */
export function withoutFormer(change: AttributeChange): AttributeChange {
  const { path, before, after } = change;
  return attribute(path, {
    before: before !== undefined && isSecret(before) ? SENSITIVE : before,
    after: isSecret(after) ? SENSITIVE : after,
  });
}

/** A sealed digest, as changes write digests. */
function isSecret(side: Json | Unknown | undefined): boolean {
  const [, digest] = (typeof side === "string" && /^sha256:(.*)$/s.exec(side)) || [];
  return isSealedDigest(digest);
}

function concealed(side: Json | Unknown | undefined): Json | undefined {
  return side === undefined || side === null ? side : SENSITIVE;
}
