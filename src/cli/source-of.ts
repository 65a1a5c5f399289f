import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";

/** Files that were read: hundreds of diagnostics may point into one. */
const known = new Map<string, string | undefined>();

/** The text of the file a diagnostic points into, or `undefined`: what is shown must not fail for it. */
export function sourceOf({ place }: Diagnostic): string | undefined {
  if (place === undefined) return undefined;
  if (!known.has(place.file)) known.set(place.file, read(place.file));
  return known.get(place.file);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** What is told, with its place as seen from the present folder, where the file lies below it. */
export function seenFrom<T extends { readonly place?: Place }>(cwd: string, told: T): T {
  const { place } = told;
  if (place === undefined || !isAbsolute(place.file)) return told;
  const file = relative(cwd, place.file);
  return file.startsWith("..") || isAbsolute(file) ? told : { ...told, place: { ...place, file } };
}
