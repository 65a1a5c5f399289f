/** Which state the plan of a checkout that is not trusted is made with. */
import { join } from "node:path";
import { isWithin } from "../desired/checkout.ts";
import { untrustedHome, type DriverChoice } from "./context-driver.ts";
import type { OpenOptions } from "./context.ts";

/** Where a state lies, and what is to be said of that. */
export interface StatePlace {
  readonly folder: string;
  readonly notices: readonly string[];
}

/**
 * The state of a checkout that is not trusted: one that lies elsewhere is read, and is said nothing of. For one that is not
 * read there is a folder that nothing is in, and a word of why. Simulated machines have theirs in their world, whatever the
 * configuration says.
 */
export function untrustedState(
  project: { readonly root: string; readonly stateFolder: string; readonly isStateForeign: boolean },
  { stateFolder: simulated, world }: DriverChoice,
  processEnv: OpenOptions["processEnv"],
): StatePlace {
  const own = untrustedHome(processEnv);
  const none = (why: string): StatePlace => ({
    folder: join(own, "no-state"),
    notices: [`Untrusted: the state was not read: everything is planned as new. ${why}`],
  });
  if (simulated === undefined || world === undefined) {
    return project.isStateForeign ? none(IN_CHECKOUT) : { folder: project.stateFolder, notices: [] };
  }
  if (isWithin(project.root, world)) return none(WORLD_IN_CHECKOUT);
  return isWithin(own, world) ? none(NO_WORLD) : { folder: simulated, notices: [] };
}

const IN_CHECKOUT =
  "It lies in the checkout. Where --config names a trusted file whose state lies elsewhere, that is read.";

const WORLD_IN_CHECKOUT =
  "The simulated world that ORBCTL_SIM_WORLD names lies in the checkout. The state of a world elsewhere is read.";

const NO_WORLD =
  "Simulated machines have theirs in their world, and none was named. Where ORBCTL_SIM_WORLD names one by its whole path, outside of the checkout, its state is read.";
