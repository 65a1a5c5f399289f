import type { Driver, ExecRequest } from "../driver/driver.ts";
import { DriverError, isDriverError } from "../driver/errors.ts";
import type { InsideFacts, InsideQuestion } from "../model/inside.ts";
import { factsCall, factsScript, readFacts, readPartly } from "./facts.ts";
import { unreadable } from "./frame.ts";
import { readWord } from "./hold.ts";
import { argument } from "./words.ts";

/** Which machine is looked into, and how long that may take. */
export interface LookRequest extends Pick<ExecRequest, "machine" | "timeoutMs" | "signal"> {
  /** What can't be read of one thing is unavailable; else nothing is found then. @default false */
  readonly partly?: boolean;
}

/** How much of a script one look is, where more is asked: a script is one argument, and those have an end. Bytes. */
const LOOK_BYTES = 65_536;

/** What was found, and in which boot of the machine. */
export interface Looked {
  readonly facts: readonly InsideFacts[];
  /** Another after a restart. */
  readonly boot: string;
}

/**
 * Looks into a running machine for all of these at once, in their order; changes nothing. Where that makes a script of
 * over 64 KiB, in several looks one after the other. Errors: the driver's, `ORB_GUEST_UNREADABLE`, `ORB_PROPERTY_INVALID`,
 * and `ORB_GUEST_BUSY` while a script of ours is at work there.
 */
export async function lookInside(
  driver: Pick<Driver, "exec">,
  request: LookRequest,
  wishes: readonly InsideQuestion[],
): Promise<Looked> {
  const facts: InsideFacts[] = [];
  let boot = "";
  for (const piece of pieces(wishes)) {
    const looked = await lookOnce(driver, request, piece);
    facts.push(...looked.facts);
    boot = looked.boot;
  }
  return { facts, boot };
}

async function lookOnce(
  driver: Pick<Driver, "exec">,
  { partly = false, ...request }: LookRequest,
  wishes: readonly InsideQuestion[],
): Promise<Looked> {
  const token = newToken();
  const command = ["sh", "-c", argument(factsScript(wishes, token))];
  const { stdout } = await driver.exec({ ...request, command, user: "root" });
  const said = readWord(stdout, token);
  if (said?.word === "busy") throw busy();
  if (said === undefined) throw unreadable("It does not say whether anything is at work there.");
  const facts = partly ? readPartly(stdout, wishes, token) : readFacts(stdout, wishes, token);
  return { facts, boot: said.boot };
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

/** At least one, so that a look at nothing is a look. */
function pieces(wishes: readonly InsideQuestion[]): readonly (readonly InsideQuestion[])[] {
  const made: InsideQuestion[][] = [[]];
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
