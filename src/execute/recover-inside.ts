import type { Clock } from "../model/clock.ts";
import type { MachineId } from "../model/machine.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Driver } from "../driver/driver.ts";
import type { IntentRecord } from "../state/records.ts";
import { isBusy, lookInside } from "../guest/look.ts";
import { AT_WORK_MS } from "./inside-free.ts";
import type { Recovering } from "./recover-run.ts";

/** How long one look may take. Milliseconds. */
const LOOK_MS = 60_000;

/** What a dead run began and left without an outcome, and how to look for it. */
export interface LeftInside {
  readonly open: readonly Pick<IntentRecord, "address" | "at" | "timeoutMs">[];
  readonly snapshot: Pick<Snapshot, "resources">;
  readonly driver: Pick<Driver, "observe" | "exec">;
  readonly clock: Clock;
}

/**
 * Waits until what a dead run began inside machines has ended there: it may go on though its client is gone (contract
 * 4.2). Each is waited for until its action's time is up; who can't be asked is not waited for, since whatever looks into
 * that machine later asks again.
 */
export async function insideEnded(left: LeftInside, { tell, signal }: Recovering): Promise<void> {
  const { clock } = left;
  for (const [machine, until] of begunInside(left)) {
    for (let looks = 0; await isAtWork(left, machine); looks += 1) {
      if (clock.now() >= until || signal?.aborted === true) break;
      if (looks === 0) tell(`Waiting for a change that is still at work inside the machine ${machine}.`);
      // An interrupt ends the sleep: the journal is folded in all the same, and nothing is begun.
      await clock.sleep(AT_WORK_MS, signal).catch(() => undefined);
    }
  }
}

/** Machines in which something was begun that has no outcome, and until when the last of it has time. */
function begunInside({ open, snapshot }: LeftInside): ReadonlyMap<MachineId, number> {
  const machines = new Map<MachineId, number>();
  for (const { address, at, timeoutMs } of open) {
    const state = snapshot.resources[address];
    if (state === undefined || !("machine" in state)) continue;
    machines.set(state.machine, Math.max(machines.get(state.machine) ?? 0, at + timeoutMs));
  }
  return machines;
}

async function isAtWork({ driver }: LeftInside, machine: MachineId): Promise<boolean> {
  try {
    // Not `inspect`: that would start a stopped OrbStack. A command would start the machine.
    const { machines } = await driver.observe({ settings: false, default: false });
    if (machines.find(({ id }) => id === machine)?.state === "running")
      await lookInside(driver, { machine, timeoutMs: LOOK_MS }, []);
    return false;
  } catch (error) {
    return isBusy(error);
  }
}
