import type { Driver } from "../driver/driver.ts";
import { DriverError } from "../driver/errors.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import { isSettled, machineName, nameKey, type MachineFacts, type MachineName } from "../model/machine.ts";

/** Which machine: by the name it has, or by the id that a state knows for an address. */
export type Wanted = { readonly name: string } | { readonly id: string; readonly address: string };

/** A machine that holds still, with a name that may stand in an argument list. */
export interface Found {
  readonly facts: MachineFacts;
  readonly name: MachineName;
}

/** As long as a plan waits for a machine in transition. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 1000;

/**
 * Finds a machine and waits until it is neither on its way up nor down. Errors: `ORB_MACHINE_NOT_FOUND`,
 * `ORB_MACHINE_IN_TRANSITION`, `ORB_NAME_REFUSED`, and those of {@link Driver.observe}.
 */
export async function findMachine(
  { driver, clock }: { readonly driver: Driver; readonly clock: Clock },
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found> {
  const deadline = clock.now() + PATIENCE_MS;
  for (;;) {
    const { machines } = await driver.observe({ settings: false, default: false });
    const facts = machines.find((each) => isWanted(each, wanted));
    if (facts === undefined) throw missing(wanted);
    if (isSettled(facts.state)) return { facts, name: safeName(facts.name) };
    if (clock.now() >= deadline || signal.aborted) throw unsettled(facts);
    await clock.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
}

function isWanted(machine: MachineFacts, wanted: Wanted): boolean {
  return "id" in wanted ? machine.id === wanted.id : nameKey(machine.name) === nameKey(wanted.name);
}

/** A name that may stand in an argument list. Error: `ORB_NAME_REFUSED`. */
export function safeName(name: string): MachineName {
  const known = machineName(name);
  if (known !== undefined) return known;
  throw new OrbformError("ORB_NAME_REFUSED", {
    summary: "A machine's name is refused",
    detail: `A machine called ${JSON.stringify(name)} is not exported: the name could be misread. Nothing was done.`,
    hint: "Rename the machine: letters, digits, hyphens and dots, at most 63.",
  });
}

function missing(wanted: Wanted): DriverError {
  const which = "id" in wanted ? `${wanted.address} (id ${wanted.id})` : JSON.stringify(wanted.name);
  return new DriverError("ORB_MACHINE_NOT_FOUND", {
    kind: "not found",
    outcome: "refused",
    summary: "Machine is not there",
    detail: `OrbStack has no machine ${which}. Nothing was done.`,
    hint: 'Run "orbctl list" to see which machines exist.',
  });
}

function unsettled({ name, state }: MachineFacts): DriverError {
  return new DriverError("ORB_MACHINE_IN_TRANSITION", {
    kind: "in transition",
    outcome: "refused",
    summary: "Machine is in transition",
    detail: `${name} is ${state}: it is exported only when it holds still. Nothing was done.`,
    hint: "Wait until it has settled, then try again.",
  });
}
