import { join } from "node:path";
import type { ChildRef } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { Disk } from "../state/disk.ts";
import { readJournal } from "../state/journal.ts";
import { isSameProcess } from "../state/process-start.ts";
import { believable, type RecordPorts } from "../state/read-prior.ts";
import type { IntentRecord } from "../state/records.ts";
import { replay } from "../state/reduce.ts";
import { waitForChildren } from "./recover.ts";

/** What taking over a dead run needs. */
export interface RecoverPorts extends RecordPorts {
  readonly clock: Clock;
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
  const { stale, open, children } = replay(snapshot, journal.records);
  if (!stale) {
    tell("An earlier run did not finish. Taking over what it did.");
    const timeoutMs = timeLeft(open, clock.now());
    const isAlive = (child: ChildRef) => isSameProcess(child.pid, child.startedAt);
    stop(await waitForChildren(children, { isAlive, clock, timeoutMs }), tell);
    // Only now, with every process gone, can it be told which of them never ran.
    const replayed = replay(snapshot, await believable(journal.records, ports));
    const { serial } = replayed.snapshot;
    await backend.write({ ...replayed.snapshot, serial: serial + 1 }, snapshot?.serial ?? 0);
  }
  await disk.remove(paths.journal);
  await sweep(disk, paths.scratch);
}

/** What the run's processes printed, and its other passing files: nothing needs them any more. */
async function sweep(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) await disk.remove(join(folder, name));
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
