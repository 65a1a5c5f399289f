import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { ChildRef } from "../driver/driver.ts";
import type { Backend } from "../state/backend.ts";
import type { Disk } from "../state/disk.ts";
import type { StatePaths } from "../state/paths.ts";
import { processStart } from "../state/process-start.ts";
import { readPrior } from "../state/read-prior.ts";
import type { Replayed } from "../state/reduce.ts";

/** What taking over a dead run touches. */
export interface RecoverPorts {
  readonly backend: Backend;
  readonly disk: Disk;
  readonly paths: StatePaths;
  readonly clock: Clock;
}

/**
 * Takes over what a run that died left behind: waits for its children, folds its journal into the snapshot, and removes
 * the journal. Nothing to take over: nothing is done. The caller holds the lock. Errors: those of both files, and
 * `ORB_MACHINE_IN_TRANSITION` where its children still run after their time.
 */
export async function recover(ports: RecoverPorts, onNotice: (notice: string) => void): Promise<void> {
  const { replayed } = await readPrior(ports);
  if (replayed === undefined) return;
  if (!replayed.stale) {
    await waitForLeft(ports, replayed, onNotice);
    const { snapshot } = replayed;
    await ports.backend.write({ ...snapshot, serial: snapshot.serial + 1 }, snapshot.serial);
    onNotice("An earlier run did not end by itself; what it had done was taken over.");
  }
  await ports.disk.remove(ports.paths.journal);
}

/** How children of a run that died are waited for. */
export interface ChildrenWait {
  /** Whether that very process (pid and start time) still runs. */
  readonly isAlive: (child: ChildRef) => Promise<boolean>;
  readonly clock: Clock;
  /** How long to wait for all of them. Milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const PAUSE_MS = 500;

/**
 * Waits for the processes that a dead run left behind, before anything is observed: what they still do would change the
 * picture. Gives those that still run when the time is over; they are never stopped.
 */
export async function waitForChildren(children: readonly ChildRef[], wait: ChildrenWait): Promise<readonly ChildRef[]> {
  const deadline = wait.clock.now() + wait.timeoutMs;
  let left = await alive(children, wait);
  while (left.length > 0 && wait.clock.now() < deadline) {
    await wait.clock.sleep(Math.min(PAUSE_MS, deadline - wait.clock.now()), wait.signal);
    left = await alive(left, wait);
  }
  return left;
}

async function waitForLeft(ports: RecoverPorts, replayed: Replayed, onNotice: (notice: string) => void): Promise<void> {
  const { children, open } = replayed;
  const isAlive = async (child: ChildRef): Promise<boolean> => (await processStart(child.pid)) === child.startedAt;
  const running = await alive(children, { isAlive });
  if (running.length === 0) return;
  onNotice(`Waiting for ${running.length} processes that an earlier run left at work.`);
  const timeoutMs = Math.max(60_000, ...open.map((intent) => 2 * intent.timeoutMs));
  const left = await waitForChildren(running, { isAlive, clock: ports.clock, timeoutMs });
  if (left.length > 0) throw stillAtWork(left);
}

function stillAtWork(left: readonly ChildRef[]): OrbformError {
  return new OrbformError("ORB_MACHINE_IN_TRANSITION", {
    summary: "An earlier run is still at work",
    detail:
      `Processes that an earlier, interrupted run started still work on machines (pid ${left.map(({ pid }) => pid).join(", ")}). ` +
      "Nothing was done now.",
    hint: "Wait until they have ended, then run `orb apply` again.",
  });
}

async function alive(
  children: readonly ChildRef[],
  { isAlive }: Pick<ChildrenWait, "isAlive">,
): Promise<readonly ChildRef[]> {
  const verdicts = await Promise.all(children.map(isAlive));
  return children.filter((_, index) => verdicts[index] === true);
}
