import type { ChildRef } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { Backend } from "../state/backend.ts";
import type { Disk } from "../state/disk.ts";
import { readJournal } from "../state/journal.ts";
import type { StatePaths } from "../state/paths.ts";
import { isSameProcess } from "../state/process-start.ts";
import type { IntentRecord } from "../state/records.ts";
import { replay } from "../state/reduce.ts";
import { waitForChildren } from "./recover.ts";

/** What taking over a dead run needs. */
export interface RecoverPorts {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly paths: StatePaths;
}

/**
 * Takes over what a run that died left behind; the caller holds the lock. Waits for the processes it started, until the
 * last of their actions has timed out; then folds its journal into the snapshot and removes it. What was announced and
 * has no outcome is `pending` in the snapshot: the planner looks for it among what is live. Errors: those of the backend
 * and the journal; nothing is lost then, the journal stays.
 */
export async function recoverRun(ports: RecoverPorts, tell: (notice: string) => void): Promise<void> {
  const { backend, clock, disk, paths } = ports;
  const journal = await readJournal(disk, paths.journal);
  if (journal === undefined) return;
  const snapshot = await backend.read();
  const replayed = replay(snapshot, journal.records);
  if (!replayed.stale) {
    tell("An earlier run did not finish. Taking over what it did.");
    const timeoutMs = timeLeft(replayed.open, clock.now());
    const isAlive = (child: ChildRef) => isSameProcess(child.pid, child.startedAt);
    const left = await waitForChildren(replayed.children, { isAlive, clock, timeoutMs });
    stop(left, tell);
    const { serial } = replayed.snapshot;
    await backend.write({ ...replayed.snapshot, serial: serial + 1 }, snapshot?.serial ?? 0);
  }
  await disk.remove(paths.journal);
}

/** Until the last open action is over its time. Milliseconds. */
function timeLeft(open: readonly IntentRecord[], now: number): number {
  return Math.max(0, ...open.map((intent) => intent.at + intent.timeoutMs - now));
}

/** Over its time, a client no longer counts: what it did is looked for, and it must not do more meanwhile. */
function stop(children: readonly ChildRef[], tell: (notice: string) => void): void {
  for (const { pid } of children) {
    tell(`Stopping orbctl (process ${pid}) of the earlier run, which is over its time.`);
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It ended by itself a moment ago.
    }
  }
}
