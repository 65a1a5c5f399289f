import type { InsideFacts } from "../model/inside.ts";
import { ignoredAt } from "../model/inside-ignored.ts";
import type { DesiredInside } from "../model/resource.ts";

/**
 * The properties that are to be applied: those that `ignoreChanges` names stay as they were found, once it is there at all.
 * `found`: `undefined` where nobody could look.
 */
export function askedProperties(
  { properties, lifecycle }: DesiredInside,
  found: InsideFacts | undefined,
): DesiredInside["properties"] {
  const ignored = ignoredAt(lifecycle, found);
  if (ignored.size === 0) return properties;
  const kept = Object.entries(properties).filter(([key]) => !ignored.has(key));
  const digest = ignored.has("digest") && found?.type === "file" ? found.digest : undefined;
  return { ...Object.fromEntries(kept), ...(digest !== undefined && { digest }) };
}
