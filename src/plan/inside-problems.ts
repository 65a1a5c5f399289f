/** Why something inside a machine can't be done. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredInside } from "../model/resource.ts";
import { problem } from "./problems.ts";

/** There is nothing there that could do it. */
export function unavailable(desired: DesiredInside, why: string): Diagnostic {
  return problem(desired, {
    code: "ORB_GUEST_UNAVAILABLE",
    summary: "Machine can't do this",
    detail: `${desired.address} can't be looked at or changed in ${desired.on}: ${why} Nothing is done to it.`,
    hint: "Look at the machine with `orb on`, or take the resource out of the stack.",
  });
}

/** Its machine is stopped, and not Orbform's to start. */
export function outOfReach(desired: DesiredInside): Diagnostic {
  return problem(desired, {
    code: "ORB_GUEST_UNAVAILABLE",
    summary: "Its machine does not run",
    detail: `${desired.address} has to be changed inside ${desired.on}, which does not run, and whose power is not Orbform's (power: "any").`,
    hint: 'Start the machine, or give it power: "running", then run: orb plan',
  });
}
