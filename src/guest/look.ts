import type { Driver, ExecRequest } from "../driver/driver.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { factsScript, readFacts } from "./facts.ts";

/** Which machine is looked into, and how long that may take. */
export type LookRequest = Pick<ExecRequest, "machine" | "timeoutMs" | "signal">;

/**
 * Looks into a running machine for all of these at once, in their order; changes nothing. Errors: the driver's, and
 * `ORB_GUEST_UNREADABLE`.
 */
export async function lookInside(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  wishes: readonly InsideWish[],
): Promise<readonly InsideFacts[]> {
  const token = newToken();
  const command = ["sh", "-c", factsScript(wishes, token)];
  const { stdout } = await driver.exec({ ...request, command, user: "root" });
  return readFacts(stdout, wishes, token);
}

/** A mark that nothing else prints. */
export function newToken(): string {
  return `orb-${crypto.randomUUID()}`;
}
