import type { Action } from "../model/action.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import { DriverError } from "../driver/errors.ts";
import { isBusy, lookInside } from "../guest/look.ts";
import { notBegun } from "./failure.ts";
import type { Step } from "./step.ts";

/** Milliseconds between two looks at a machine in which a script is at work. */
export const AT_WORK_MS = 2000;

/**
 * Looks into a machine that runs, once no script of ours is at work there; `undefined`: it was stopped meanwhile, and is not
 * started by looking. Errors: `ORB_GUEST_BUSY` once the action's time is up.
 */
export async function lookWhenFree<A extends Action>(
  step: Step<A>,
  machine: MachineId,
  wishes: readonly InsideWish[],
): Promise<readonly InsideFacts[] | undefined> {
  const { driver, clock } = step.run.ports;
  const { timeoutMs } = step.action;
  const deadline = step.now + timeoutMs;
  for (let looks = 0; ; looks += 1) {
    try {
      const { facts, boot } = await lookInside(driver, { machine, timeoutMs }, wishes);
      step.boot = boot;
      return facts;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (step.now >= deadline) throw stillAtWork(step, "refused");
      // Nothing was begun, and after an interrupt nothing is.
      if (step.run.stopStarting?.aborted === true) throw notBegun();
    }
    if (looks === 0) step.waiting("settled");
    await clock.sleep(AT_WORK_MS, step.run.stopWaiting);
    const details = await driver.inspect({ id: machine }, { settings: false });
    if (details?.state !== "running") return undefined;
  }
}

/**
 * Waits before the machine is stopped, restarted or cloned until no script of ours is at work in it: one may go on though its
 * client is gone (contract 4.2). Asks only machines in which something of the plan or of its state lies.
 */
export async function untilFree<A extends Action>(step: Step<A>, machine: MachineId): Promise<void> {
  if (step.run.shape.peopled.has(machine)) await lookWhenFree(step, machine, []);
}

/** A script is at work beyond its time. `refused`: this action had not begun anything. */
export function stillAtWork({ action }: Step, outcome: "refused" | "unknown"): DriverError {
  const what =
    outcome === "unknown"
      ? "It was not done when its time was up, and is still at work inside the machine."
      : "A change that Orbform began earlier is still at work inside the machine. This one was not begun.";
  return new DriverError("ORB_GUEST_BUSY", {
    kind: "at work",
    outcome,
    summary: "Something is still at work inside",
    detail: `${what} Nothing else is done in the machine meanwhile, and it is not stopped.`,
    hint: "Wait until it has ended, or restart the machine to end it, then run `orb apply` again.",
    address: action.address,
  });
}
