import { readFileSync } from "node:fs";
import type { Diagnostic } from "../model/diagnostic.ts";

/** The text of the file a diagnostic points into, or `undefined`: what is shown must not fail for it. */
export function sourceOf({ place }: Diagnostic): string | undefined {
  if (place === undefined) return undefined;
  try {
    return readFileSync(place.file, "utf8");
  } catch {
    return undefined;
  }
}
