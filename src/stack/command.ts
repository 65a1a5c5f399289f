import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { CommandInput } from "./inside-input.ts";

/** A command that is run inside a machine of the stack. */
export type Command = Handle<"command", CommandInput>;

/**
 * Declares a command that is run inside a machine: once, and again when it changes.
 *
 * @example
 * const built = command({ on: web, run: "make install", workdir: "/srv/app", creates: "/usr/local/bin/app" });
 */
export function command(input: CommandInput): Command {
  return handle("command", { input: copyInput(input), site: siteOf(command), properties: () => ({}) });
}
