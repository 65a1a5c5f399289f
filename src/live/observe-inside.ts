import type { Driver } from "../driver/driver.ts";
import { isDriverError, type FailureKind } from "../driver/errors.ts";
import { isUnreadable } from "../guest/frame.ts";
import { isBusy, lookInside, type LookRequest } from "../guest/look.ts";
import type { Clock } from "../model/clock.ts";
import type { Address } from "../model/address.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { withoutText } from "../model/inside-looked.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts, MachineId } from "../model/machine.ts";
import { freshList, type Listed } from "./fresh-list.ts";
import { questionsOf, type Asking, type Question } from "./inside-questions.ts";

/** How long one look into a machine may take. Milliseconds. */
const LOOK_MS = 120_000;

/** How many machines are looked into at the same time. */
const AT_ONCE = 8;

/** How long a look waits for a script of ours that is at work, and between two tries. Milliseconds. */
const BUSY_MS = 60_000;
const BUSY_POLL_MS = 2000;

/** How often a look is tried again that OrbStack did not carry out, and after which pause. Milliseconds. */
const MOST_AGAIN = 2;
const AGAIN_MS = 1500;

/** Why it may not have been carried out just then. */
const PASSING: ReadonlySet<FailureKind> = new Set<FailureKind>(["transport", "service starting", "refused", "other"]);

/** What looking into machines needs. */
export interface InsideParts extends Asking {
  readonly driver: Pick<Driver, "exec" | "observe">;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** What was found, and the machines: some may have been found stopped since they were listed. */
export interface InsideSeen {
  readonly facts: { readonly [address: Address]: InsideFacts };
  readonly machines: readonly MachineFacts[];
}

/**
 * Looks into the machines that run and in which something of the stack, or of its state, lies: one command for each, many
 * machines at a time. A machine that doesn't run is never looked into: that would start it. Who was last seen to run more
 * than a second ago is listed again first, all of them at once. What can't be asked yet, since its path or name hangs on
 * something that is not made, is left out; what can't be read of one thing is unavailable. Errors: the driver's, `ORB_GUEST_UNREADABLE`, and `ORB_GUEST_BUSY` where a
 * change is still at work inside after a minute.
 */
export async function observeInside(parts: InsideParts, listed: Listed): Promise<InsideSeen> {
  const running = new Set(listed.machines.filter(({ state }) => state === "running").map(({ id }) => id));
  const questions = [...questionsOf(parts)].filter(([id]) => running.has(id));
  const list = freshList(parts, listed);
  const facts = new Map<Address, InsideFacts>();
  const next = questions[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const [machine, asked] of next) {
      const isRunning = async (): Promise<boolean> => (await list.stateOf(machine)) === "running";
      if (!(await isRunning())) continue;
      const found = await look(parts, machine, { asked, isRunning, name: nameOf(machine, listed) });
      for (const [index, { address, sensitive }] of asked.entries()) {
        const each = found[index];
        if (each !== undefined) facts.set(address, sensitive ? withoutText(each) : each);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, questions.length) }, work));
  return {
    facts: Object.fromEntries([...facts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    machines: listed.machines.map((each) => ({ ...each, state: list.stopped.get(each.id) ?? each.state })),
  };
}

interface Looking {
  readonly asked: readonly Question[];
  readonly isRunning: () => Promise<boolean>;
  readonly name: string;
}

function nameOf(machine: MachineId, { machines }: Listed): string {
  return machines.find(({ id }) => id === machine)?.name ?? machine;
}

async function look(
  parts: InsideParts,
  machine: MachineId,
  { asked, isRunning, name }: Looking,
): Promise<readonly InsideFacts[]> {
  const { signal } = parts;
  const wishes = asked.map(({ wish }) => wish);
  try {
    const request = { machine, timeoutMs: LOOK_MS, ...(signal && { signal }) };
    return await whenFree(parts, request, { wishes, isRunning, name });
  } catch (error) {
    if (!isDriverError(error) || signal?.aborted === true) throw error;
    const { code, detail, hint } = error;
    throw new OrbformError(code, {
      summary: "A machine can't be looked into",
      detail: `What lies inside the machine of ${asked.map(({ address }) => address).join(", ")} is unknown, so nothing was planned or changed. ${detail}`,
      ...(hint !== undefined && { hint }),
      cause: error,
    });
  }
}

interface Wished extends Pick<Looking, "isRunning" | "name"> {
  readonly wishes: readonly InsideWish[];
}

/**
 * What a script of ours has done half-way is not looked at: it is waited for, as for a machine in transition. A look that is
 * refused, as commands can be for a while after a start (contract 3.1), or whose answer is spoilt, is repeated: it changes
 * nothing. Of a machine that is stopped meanwhile nothing is found: a look would start it.
 */
async function whenFree(
  { driver, clock, warn }: InsideParts,
  request: LookRequest,
  { wishes, isRunning, name }: Wished,
): Promise<readonly InsideFacts[]> {
  const deadline = clock.now() + BUSY_MS;
  let again = 0;
  let isTold = false;
  for (;;) {
    try {
      return (await lookInside(driver, { ...request, partly: again === MOST_AGAIN }, wishes)).facts;
    } catch (error) {
      const waits = isBusy(error) ? clock.now() < deadline : again < MOST_AGAIN && mayPass(error);
      if (!waits || request.signal?.aborted === true) throw error;
      if (!isBusy(error)) again += 1;
      else if (!isTold) {
        isTold = true;
        warn(`Waiting for a change that is still at work inside the machine ${JSON.stringify(name)}.`);
      }
      await clock.sleep(isBusy(error) ? BUSY_POLL_MS : AGAIN_MS, request.signal);
    }
    if (!(await isRunning())) return [];
  }
}

function mayPass(error: unknown): boolean {
  return isUnreadable(error) || (isDriverError(error) && PASSING.has(error.kind));
}
