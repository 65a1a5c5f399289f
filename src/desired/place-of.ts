import type { Place } from "../model/place.ts";

/**
 * The place in the first frame of a stack trace that `accept` takes (default: any frame with a file). Understands
 * paths and `file:` URLs; a query after the file name is dropped.
 */
export function placeOf(stack: unknown, accept: (file: string) => boolean = () => true): Place | undefined {
  if (typeof stack !== "string") return undefined;
  for (const line of stack.split("\n")) {
    const place = placeInFrame(line);
    if (place !== undefined && accept(place.file)) return place;
  }
  return undefined;
}

const FRAME = /^\s*at (?:async )?(?:.*?\()?((?:file:\/\/)?\/[^<>]+?|[A-Za-z]:\\[^<>]+?):(\d+):(\d+)\)?$/;

function placeInFrame(line: string): Place | undefined {
  const [, file, row, column] = FRAME.exec(line) ?? [];
  if (file === undefined) return undefined;
  return { file: filePath(file), line: Number(row), column: Number(column) };
}

/** The path in a `file:` URL, without its query; other texts as they are. Never throws. */
export function filePath(url: string): string {
  if (!url.startsWith("file://")) return url;
  const path = url.slice("file://".length).replace(/[?#].*$/, "");
  return decoded(path);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign in a file name: the raw text still tells the place.
    return path;
  }
}
