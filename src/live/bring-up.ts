import type { Driver } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts } from "../model/machine.ts";

/** A machine may refuse commands for a while after it was started (contract 3.1): how long it is tried. Milliseconds. */
const ANSWERS_WITHIN_MS = 30_000;
const TRY_AGAIN_MS = 500;

/** How a machine is made to run. */
export interface BringUpParts {
  readonly driver: Driver;
  readonly clock: Clock;
  /** A stopped one may be started. */
  readonly start: boolean;
}

/**
 * Makes sure that a machine runs, and starts a stopped one only where that was asked for: any command would start it
 * (contract 4.2). Errors: `ORB_USAGE` for a stopped one, `ORB_MACHINE_IN_TRANSITION`, the driver's.
 */
export async function bringUp({ driver, clock, start }: BringUpParts, machine: MachineFacts): Promise<MachineFacts> {
  const { id, name, state } = machine;
  if (state === "running") return machine;
  if (state !== "stopped") throw inTransition(machine);
  if (!start) throw stopped(name);
  await driver.perform({ verb: "start", id }, { begin: () => Promise.resolve() });
  const deadline = clock.now() + ANSWERS_WITHIN_MS;
  while (!(await answers(driver, machine)) && clock.now() < deadline) await clock.sleep(TRY_AGAIN_MS);
  return { ...machine, state: "running" };
}

async function answers(driver: Driver, { id }: MachineFacts): Promise<boolean> {
  try {
    return (await driver.exec({ machine: id, command: ["true"], timeoutMs: ANSWERS_WITHIN_MS })).exitCode === 0;
  } catch (error) {
    // Not yet: what goes on being wrong is told by the command that follows.
    if (isDriverError(error)) return false;
    throw error;
  }
}

function stopped(name: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "The machine is stopped",
    detail: `Machine "${name}" is stopped, and a probe starts none. Nothing was done to it.`,
    hint: "Add --start to have it started, or start it yourself.",
  });
}

function inTransition({ name, state }: MachineFacts): OrbformError {
  return new OrbformError("ORB_MACHINE_IN_TRANSITION", {
    summary: "The machine is in transition",
    detail: `Machine "${name}" is ${state}. Nothing was done to it.`,
    hint: "Wait until it has settled, then try again.",
  });
}
