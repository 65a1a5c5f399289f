import type { Driver, ExecRequest } from "../driver/driver.ts";
import { DriverError, isDriverError } from "../driver/errors.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { factsScript, readFacts } from "./facts.ts";
import { unreadable } from "./frame.ts";
import { readWord } from "./hold.ts";

/** Which machine is looked into, and how long that may take. */
export type LookRequest = Pick<ExecRequest, "machine" | "timeoutMs" | "signal">;

/** What was found, and in which boot of the machine. */
export interface Looked {
  readonly facts: readonly InsideFacts[];
  /** Another after a restart. */
  readonly boot: string;
}

/**
 * Looks into a running machine for all of these at once, in their order; changes nothing. Errors: the driver's,
 * `ORB_GUEST_UNREADABLE`, and `ORB_GUEST_BUSY` while a script of ours is at work there.
 */
export async function lookInside(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  wishes: readonly InsideWish[],
): Promise<Looked> {
  const token = newToken();
  const command = ["sh", "-c", factsScript(wishes, token)];
  const { stdout } = await driver.exec({ ...request, command, user: "root" });
  const said = readWord(stdout, token);
  if (said?.word === "busy") throw busy();
  if (said === undefined) throw unreadable("It does not say whether anything is at work there.");
  return { facts: readFacts(stdout, wishes, token), boot: said.boot };
}

/** A script of ours is at work in the machine: nothing was begun beside it. */
export function busy(cause?: unknown): DriverError {
  return new DriverError("ORB_GUEST_BUSY", {
    kind: "in transition",
    outcome: "nothing",
    summary: "Something is at work inside",
    detail: "A change that Orbform began is still at work inside the machine. Nothing was begun beside it.",
    hint: "Wait until it has ended, or restart the machine to end it, then run `orb apply` again.",
    cause,
  });
}

/** Whether that is why. */
export function isBusy(error: unknown): boolean {
  return isDriverError(error) && error.code === "ORB_GUEST_BUSY";
}

/** A mark that nothing else prints. */
export function newToken(): string {
  return `orb-${crypto.randomUUID()}`;
}
