import { NO_TEXT } from "./ref.ts";
import { nextRid, record } from "./registry.ts";

/** Where a constructor was called: one stack frame, turned into text only when somebody reads it. */
export interface Site {
  readonly stack?: string;
}

/**
 * What every constructor gives: frozen data with an id. References hold the id, so an overridden resource is seen by
 * everything that refers to it.
 */
export interface Handle<K extends string, I> {
  readonly "~orbform": K;
  readonly "~rid": string;
  /** What the author wrote, copied and frozen; not checked yet. */
  readonly "~input": I;
  readonly "~site": Site;
}

/** Makes a handle, with further properties, and notes that it was made. `rid` is where a reference points. */
export function handle<K extends string, I, P extends object>(
  kind: K,
  parts: { readonly input: I; readonly site: Site; readonly properties: (rid: string) => P },
): Handle<K, I> & P {
  const rid = nextRid();
  const made = Object.freeze({
    __proto__: NO_TEXT,
    "~orbform": kind,
    "~rid": rid,
    "~input": parts.input,
    "~site": parts.site,
    ...parts.properties(rid),
  });
  record(made);
  return made;
}

/** Takes down where `constructor` was called. Costs one frame; the text is made when it is read. */
export function siteOf(constructor: (...args: never[]) => unknown): Site {
  const site = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(site, constructor);
  Error.stackTraceLimit = limit;
  return site;
}

/** The brand of a value made by a constructor of any copy of this package, or `undefined`. */
export function brandOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("~orbform" in value)) return undefined;
  return typeof value["~orbform"] === "string" ? value["~orbform"] : undefined;
}
