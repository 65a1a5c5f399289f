import { join } from "node:path";
import type { ChildRef, Driver } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { Claims } from "../state/claims.ts";
import type { Disk } from "../state/disk.ts";
import { unwritable } from "../state/disk-errors.ts";
import { readJournal } from "../state/journal.ts";
import { OrbformError } from "../model/errors.ts";
import { believable, type RecordPorts } from "../state/read-prior.ts";
import type { IntentRecord, JournalHeader } from "../state/records.ts";
import { replay, type Replayed } from "../state/reduce.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { withoutGone } from "../model/succession.ts";
import { needless } from "./reap.ts";
import { insideEnded } from "./recover-inside.ts";
import { claimNew, releaseOld } from "./reconcile-claims.ts";
import { waitForChildren, type ChildrenWait } from "./recover.ts";

/** What taking over a dead run needs. */
export interface RecoverPorts extends RecordPorts {
  readonly clock: Clock;
  readonly claims: Claims;
  /** Absent where no machine is to be looked at. */
  readonly driver?: Driver;
}

/** Who is told, and what ends the wait. */
export interface Recovering {
  readonly tell: (notice: string) => void;
  /** An interrupt: the journal then stays for the next run. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes over what a run that died left behind; the caller holds the lock. Waits for the processes it started, until the
 * last of their actions has timed out; then folds its journal into the snapshot and removes it. What was announced and
 * has no outcome is `pending` in the snapshot: the planner looks for it among what is live. Errors: those of the backend
 * and the journal, `ORB_INTERRUPTED`, and where nobody can tell yet how a command ended, those of `commandDone`; nothing is
 * lost then, the journal stays.
 */
export async function recoverRun(ports: RecoverPorts, { tell, signal }: Recovering): Promise<void> {
  const { backend, disk, paths } = ports;
  const journal = await readJournal(disk, paths.journal);
  if (journal === undefined) return;
  const snapshot = await backend.read();
  const left = replay(snapshot, journal.records);
  if (!left.stale) {
    tell("An earlier run did not finish. Taking over what it did.");
    await endChildren(ports, left, { tell, signal });
    const { driver, clock } = ports;
    const ended = driver ? await insideEnded({ ...left, driver, clock }, { tell, signal }) : [];
    // Only now, with every process gone, can it be told which of them never ran.
    const replayed = replay(snapshot, await believable([...journal.records, ...ended], ports));
    const after = recovered(replayed.snapshot);
    const succession = { before: snapshot, after, passing: replayed.ids };
    // The journal says so already, and once the snapshot is written nobody would know what it was to let go.
    await claimNew(ports.claims, succession);
    await releaseOld(ports.claims, succession);
    const planDigest = left.header?.planDigest;
    const note = { operation: "recovery", ...(planDigest !== undefined && { planDigest }) };
    await backend.write(after, snapshot?.serial ?? 0, note);
  }
  // Before the journal goes: without one, nobody looks for what lies about. What can't be swept is in nobody's way.
  await sweep(disk, paths.scratch).catch(() => undefined);
  await disk.remove(paths.journal).catch((error: unknown) => {
    throw unwritable(error, paths.journal);
  });
}

function recovered({ resources, ...snapshot }: Snapshot): Snapshot {
  const left = Object.entries(resources).map(([address, state]) => [
    address,
    withoutGone(state, (on) => resources[on]),
  ]);
  return { ...snapshot, serial: snapshot.serial + 1, resources: Object.fromEntries(left) };
}

/** Returns when nothing that the run started is at work any more. */
async function endChildren(
  ports: RecoverPorts,
  { open, children, header, snapshot }: Replayed,
  { tell, signal }: Recovering,
): Promise<void> {
  if (children.length === 0 || !(await isThisBoot(header, ports))) return;
  const { clock, driver, processes } = ports;
  const late = await untilEnded(children, {
    isAlive: (child) => processes.isRunning(child),
    clock,
    timeoutMs: timeLeft(open, clock.now()),
    reap: async () => {
      const done = driver === undefined ? [] : await needless({ open, snapshot, driver, clock });
      for (const child of done) if (await processes.stop(child)) tell(stopped(child, "its machine runs"));
    },
    ...(signal && { signal }),
  });
  // Over its time, a client no longer counts: what it did is looked for, and it must not do more meanwhile.
  for (const child of late) if (await processes.stop(child)) tell(stopped(child, "it was over its time"));
}

function stopped({ pid }: ChildRef, why: string): string {
  return `Stopped orbctl (process ${pid}) of the earlier run: ${why}.`;
}

async function untilEnded(children: readonly ChildRef[], wait: ChildrenWait): Promise<readonly ChildRef[]> {
  try {
    return await waitForChildren(children, wait);
  } catch (error) {
    if (wait.signal?.aborted !== true) throw error;
    throw new OrbformError("ORB_INTERRUPTED", {
      summary: "Interrupted while taking over",
      detail: "Processes of an earlier run are still at work. Its journal is kept; nothing was begun.",
      hint: "Run `orb apply` again: it waits for them, and goes on from there.",
      cause: error,
    });
  }
}

/** A pid says something only on the boot it is of: after another one, or on another host, it is some other process. */
async function isThisBoot(header: JournalHeader | undefined, { host }: RecoverPorts): Promise<boolean> {
  const { hostId, bootId } = await host();
  return header?.hostId === hostId && header.bootId === bootId;
}

/** What the run's processes printed, and its other passing files: nothing needs them any more. */
async function sweep(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) await disk.remove(join(folder, name));
}

/** What a client that is over its time is given all the same: the computer may have slept through that. Milliseconds. */
const GRACE_MS = 5000;

/** Until the last open action is over its time. Milliseconds. */
function timeLeft(open: readonly IntentRecord[], now: number): number {
  return Math.max(GRACE_MS, ...open.map((intent) => intent.at + intent.timeoutMs - now));
}
