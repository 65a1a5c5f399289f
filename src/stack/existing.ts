import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";

/** A machine outside the stack, by name: something to clone from. It is never changed. */
export interface Existing extends Handle<"existing", { readonly name: string }> {
  /** The name as given: it is known, so it is plain text. */
  readonly name: string;
}

/**
 * Refers to a machine that this stack does not manage.
 *
 * @example
 * const web = machine({ clone: existing("golden") });
 */
export function existing(name: string): Existing {
  const site = siteOf(existing);
  return handle("existing", { input: Object.freeze({ name }), site, properties: () => ({ name }) });
}
