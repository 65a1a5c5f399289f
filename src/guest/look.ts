import type { Driver, ExecRequest } from "../driver/driver.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { factsCall, factsScript, readFacts } from "./facts.ts";
import { argument } from "./words.ts";

/** Which machine is looked into, and how long that may take. */
export type LookRequest = Pick<ExecRequest, "machine" | "timeoutMs" | "signal">;

/** How much of a script one look is, where more is asked: a script is one argument, and those have an end. Bytes. */
const LOOK_BYTES = 65_536;

/**
 * Looks into a running machine for all of these at once, in their order; changes nothing. Where that makes a script of
 * over 64 KiB, in several looks one after the other. Errors: the driver's, `ORB_GUEST_UNREADABLE`, `ORB_PROPERTY_INVALID`.
 */
export async function lookInside(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  wishes: readonly InsideWish[],
): Promise<readonly InsideFacts[]> {
  const found: InsideFacts[] = [];
  for (const piece of pieces(wishes)) found.push(...(await lookOnce(driver, request, piece)));
  return found;
}

async function lookOnce(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  wishes: readonly InsideWish[],
): Promise<readonly InsideFacts[]> {
  const token = newToken();
  const command = ["sh", "-c", argument(factsScript(wishes, token))];
  const { stdout } = await driver.exec({ ...request, command, user: "root" });
  return readFacts(stdout, wishes, token);
}

/** At least one, so that a look at nothing is a look. */
function pieces(wishes: readonly InsideWish[]): readonly (readonly InsideWish[])[] {
  const made: InsideWish[][] = [[]];
  let bytes = 0;
  for (const wish of wishes) {
    const more = Buffer.byteLength(factsCall(wish));
    if (bytes + more > LOOK_BYTES && bytes > 0) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(wish);
    bytes += more;
  }
  return made;
}

/** A mark that nothing else prints. */
export function newToken(): string {
  return `orb-${crypto.randomUUID()}`;
}
