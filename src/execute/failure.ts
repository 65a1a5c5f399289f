import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { MachineDetails } from "../model/machine.ts";
import { isOrbformError, type ErrorCode, type ErrorFacts } from "../model/errors.ts";
import { DriverError, isDriverError } from "../driver/errors.ts";

/** What went wrong with an action, as it is shown. */
export function problemOf(error: unknown, address: Address): Diagnostic {
  if (!isOrbformError(error)) return unforeseen(error, address);
  const { code, summary, detail, hint, place } = error;
  return {
    severity: "error",
    code,
    summary,
    detail,
    address: error.address ?? address,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  };
}

/** A failure that no repetition mends. Nothing more is done for the action. */
export function refused(code: ErrorCode, facts: ErrorFacts): DriverError {
  return new DriverError(code, { ...facts, kind: "other", outcome: "refused" });
}

/**
 * Any thrown value as the driver's failure: one that isn't says nothing of what was done, but for a value that nothing can be
 * run with.
 */
export function asDriverError(error: unknown): DriverError {
  if (isDriverError(error)) return error;
  const facts = isOrbformError(error) ? error : unforeseenFacts(error);
  const code = isOrbformError(error) ? error.code : "ORB_ACTION_FAILED";
  const { summary, detail, hint } = facts;
  const more = hint === undefined ? {} : { hint };
  const outcome = code === "ORB_PROPERTY_INVALID" ? "refused" : "unknown";
  return new DriverError(code, { summary, detail, ...more, cause: error, kind: "other", outcome });
}

/** The machine is not what the plan was made on. */
export function stale(address: Address, detail: string): DriverError {
  return refused("ORB_PLAN_STALE", {
    summary: "The machine is not as planned",
    detail: `${detail} Nothing was done to it.`,
    hint: "Run `orb plan` to see what differs, then apply again.",
    address,
  });
}

/** A machine is in transition and stays so. */
export function stuck(machine: MachineDetails): DriverError {
  return new DriverError("ORB_MACHINE_IN_TRANSITION", {
    summary: "A machine does not settle",
    detail: `${machine.name} is still ${machine.state}. It was left as it is.`,
    hint: "Wait until `orbctl list` shows it running or stopped, then run `orb apply` again.",
    kind: "timed out",
    outcome: "unknown",
  });
}

function unforeseen(error: unknown, address: Address): Diagnostic {
  return { severity: "error", code: "ORB_ACTION_FAILED", ...unforeseenFacts(error), address };
}

function unforeseenFacts(error: unknown): { summary: string; detail: string; hint: string } {
  return {
    summary: "The action failed",
    detail: error instanceof Error ? error.message : String(error),
    hint: "Run `orb plan` to see what was done.",
  };
}

/** The user stopped waiting while an action was still to begin. */
export function notBegun(): DriverError {
  return refused("ORB_INTERRUPTED", {
    summary: "Apply was interrupted",
    detail: "It was interrupted before this action began; nothing was done.",
    hint: "Run `orb apply` again.",
  });
}

/** A reference that the action needs stands for nothing yet. */
export function unknownValue(): DriverError {
  return refused("ORB_VALUE_UNKNOWN", {
    summary: "A value is still not known",
    detail: "It refers to something that is not known: its machine may be stopped. Nothing was changed.",
    hint: "Run `orb plan` to see what is missing.",
  });
}
