import type { Clock } from "../model/clock.ts";
import type { ChildRef } from "../driver/driver.ts";

/** How children of a run that died are waited for. */
export interface ChildrenWait {
  /** Whether that very process (pid and start time) still runs. */
  readonly isAlive: (child: ChildRef) => Promise<boolean>;
  readonly clock: Clock;
  /** How long to wait for all of them. Milliseconds. */
  readonly timeoutMs: number;
  /** Ends those that need not be waited for. Called about once a second. */
  readonly reap: () => Promise<void>;
  readonly signal?: AbortSignal;
}

const PAUSE_MS = 500;
const ROUNDS_A_LOOK = 2;

/**
 * Waits for the processes that a dead run left behind, before anything is observed: what they still do would change the
 * picture. Gives those that still run when the time is over; what becomes of them is the caller's to say.
 */
export async function waitForChildren(children: readonly ChildRef[], wait: ChildrenWait): Promise<readonly ChildRef[]> {
  const deadline = wait.clock.now() + wait.timeoutMs;
  let left = await alive(children, wait);
  for (let round = 0; left.length > 0 && wait.clock.now() < deadline; round += 1) {
    if (round % ROUNDS_A_LOOK === 0) await wait.reap();
    await wait.clock.sleep(Math.min(PAUSE_MS, deadline - wait.clock.now()), wait.signal);
    left = await alive(left, wait);
  }
  return left;
}

async function alive(children: readonly ChildRef[], { isAlive }: ChildrenWait): Promise<readonly ChildRef[]> {
  const verdicts = await Promise.all(children.map(isAlive));
  return children.filter((_, index) => verdicts[index] === true);
}
