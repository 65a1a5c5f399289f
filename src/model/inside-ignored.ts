/** What `ignoreChanges` leaves as it is found inside a machine. */
import type { InsideFacts, InsideWish } from "./inside.ts";
import { wishFrom } from "./inside-wish.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** What something is known by: never left out. */
const NAMES: ReadonlySet<string> = new Set(["path", "name", "run"]);

/** What says what a file holds: all of it is ignored where one is. */
const CONTENT: readonly string[] = ["content", "source", "digest"];

const NONE: ReadonlySet<string> = new Set();

/** The properties that are ignored of what is there. */
export function ignoredOf({ ignoreChanges }: Lifecycle): ReadonlySet<string> {
  if (ignoreChanges.length === 0) return NONE;
  const ignored = ignoreChanges.filter((key) => !NAMES.has(key));
  return new Set(ignored.some((key) => CONTENT.includes(key)) ? [...ignored, ...CONTENT] : ignored);
}

/** The same of what was found so, or of what nobody could look at: what is not there is made with all its properties. */
export function ignoredAt(lifecycle: Lifecycle, found: InsideFacts | null | undefined): ReadonlySet<string> {
  return found && isThere(found) ? ignoredOf(lifecycle) : NONE;
}

function isThere(found: InsideFacts): boolean {
  if (found.type === "file" || found.type === "directory") return found.kind === found.type;
  return found.type === "user" ? found.exists : true;
}

/**
 * What was applied of a wish: of ignored properties what was applied before, if anything. Were they recorded as the stack
 * asks for them, what others made would be taken away as ours.
 */
export function withoutIgnored(
  asked: InsideWish,
  ignored: ReadonlySet<string>,
  before: InsideWish | undefined,
): InsideWish {
  if (ignored.size === 0) return asked;
  // A file is never without a content.
  const isKept = (key: string): boolean => !ignored.has(key) || (key === "digest" && before === undefined);
  const rest = Object.entries({ ...asked }).filter(([key]) => isKept(key));
  const former = Object.entries({ ...before }).filter(([key]) => !isKept(key));
  return wishFrom(asked.type, Object.fromEntries([...rest, ...former]));
}

/** What is looked at after a wish was applied: of packages all that state keeps, ignored ones as well. */
export function lookedAtAfter(wish: InsideWish, applied: InsideWish): InsideWish {
  return wish.type === "packages" && applied.type === "packages" ? { ...wish, install: applied.install } : wish;
}
