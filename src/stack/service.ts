import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { ServiceInput } from "./inside-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** A service inside a machine of the stack. */
export interface Service extends Handle<"service", ServiceInput> {
  /** Its name. */
  readonly name: Ref<string>;
}

/**
 * Declares a service of a machine, running and started with it unless told otherwise.
 *
 * @example
 * const nginx = service({ on: web, name: "nginx", restartOn: [page] });
 */
export function service(input: ServiceInput): Service {
  return handle("service", {
    input: copyInput(input),
    site: siteOf(service),
    properties: (rid) => ({ name: ref(rid, "name") }),
  });
}
