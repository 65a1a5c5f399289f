import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { DirectoryInput } from "./inside-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** A folder inside a machine of the stack. */
export interface Directory extends Handle<"directory", DirectoryInput> {
  /** Its path inside the machine. */
  readonly path: Ref<string>;
}

/**
 * Declares a folder inside a machine. When it leaves the stack it goes if it is empty.
 *
 * @example
 * const site = directory({ on: web, path: "/srv/site", owner: "www-data" });
 */
export function directory(input: DirectoryInput): Directory {
  return handle("directory", {
    input: copyInput(input),
    site: siteOf(directory),
    properties: (rid) => ({ path: ref(rid, "path") }),
  });
}
