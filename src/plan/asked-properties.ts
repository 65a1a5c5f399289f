import type { InsideFacts } from "../model/inside.ts";
import type { DesiredInside } from "../model/resource.ts";

/** What is known of it by: never left out. */
const NAMES: ReadonlySet<string> = new Set(["path", "name", "run"]);

/**
 * The properties that are to be applied: those that `ignoreChanges` names stay as they were found, once it is there at all.
 * `found`: `undefined` where nobody could look.
 */
export function askedProperties(desired: DesiredInside, found: InsideFacts | undefined): DesiredInside["properties"] {
  const { properties, lifecycle } = desired;
  if (lifecycle.ignoreChanges.length === 0 || found === undefined || !isThere(found)) return properties;
  const ignored = new Set(lifecycle.ignoreChanges.filter((key) => !NAMES.has(key)));
  const isContentKept = ignored.has("content") || ignored.has("source");
  const kept = Object.entries(properties).filter(([key]) => !ignored.has(key) && !(isContentKept && CONTENT.has(key)));
  const digest = isContentKept && found.type === "file" ? found.digest : undefined;
  return { ...Object.fromEntries(kept), ...(digest !== undefined && { digest }) };
}

const CONTENT: ReadonlySet<string> = new Set(["content", "source", "digest"]);

function isThere(found: InsideFacts): boolean {
  if (found.type === "file" || found.type === "directory") return found.kind === found.type;
  return found.type === "user" ? found.exists : true;
}
