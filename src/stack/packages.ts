import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { PackagesInput } from "./inside-input.ts";

/** Packages inside a machine of the stack. */
export type Packages = Handle<"packages", PackagesInput>;

/**
 * Declares packages of a machine. Those that were not there before go when they leave the stack.
 *
 * @example
 * const tools = packages({ on: web, install: ["nginx", "curl"] });
 */
export function packages(input: PackagesInput): Packages {
  return handle("packages", { input: copyInput(input), site: siteOf(packages), properties: () => ({}) });
}
