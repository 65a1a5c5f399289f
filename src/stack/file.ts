import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { FileInput } from "./inside-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** A file inside a machine of the stack. */
export interface File extends Handle<"file", FileInput> {
  /** Its path inside the machine. */
  readonly path: Ref<string>;
}

/**
 * Declares a file inside a machine. It is written in one step, whole or not at all.
 *
 * @example
 * const page = file({ on: web, path: "/var/www/html/index.html", content: "hello\\n", mode: 0o644 });
 */
export function file(input: FileInput): File {
  return handle("file", {
    input: copyInput(input),
    site: siteOf(file),
    properties: (rid) => ({ path: ref(rid, "path") }),
  });
}
