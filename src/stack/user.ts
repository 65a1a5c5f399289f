import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { UserInput } from "./inside-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** A user inside a machine of the stack. */
export interface User extends Handle<"user", UserInput> {
  /** Its name. */
  readonly name: Ref<string>;
}

/**
 * Declares a user inside a machine. One that was made goes when it leaves the stack; its home stays.
 *
 * @example
 * const ada = user({ on: web, name: "ada", groups: ["sudo"], authorizedKeys: [key] });
 */
export function user(input: UserInput): User {
  return handle("user", {
    input: copyInput(input),
    site: siteOf(user),
    properties: (rid) => ({ name: ref(rid, "name") }),
  });
}
