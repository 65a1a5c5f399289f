import type { Address } from "../model/address.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineId } from "../model/machine.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Driver } from "../driver/driver.ts";
import type { IntentRecord, OutcomeRecord } from "../state/records.ts";
import { fateInside } from "../guest/fate.ts";
import { isBusy, lookInside } from "../guest/look.ts";
import { AT_WORK_MS } from "./inside-free.ts";
import type { Recovering } from "./recover-run.ts";

/** How long one look may take. Milliseconds. */
const LOOK_MS = 60_000;

/** What a dead run began and left without an outcome, and how to look for it. */
export interface LeftInside {
  readonly open: readonly LeftOpen[];
  readonly snapshot: Pick<Snapshot, "resources">;
  readonly driver: Pick<Driver, "observe" | "exec">;
  readonly clock: Clock;
}

type LeftOpen = Pick<IntentRecord, "action" | "address" | "at" | "timeoutMs" | "script">;

/**
 * Waits until what a dead run began inside machines has ended there: it may go on though its client is gone (contract
 * 4.2). Each is waited for until its action's time is up; who can't be asked is not waited for, since whatever looks into
 * that machine later asks again. Gives the outcomes of commands that came to their end: of those nothing else tells, and
 * they would be run again. Errors: `ORB_INTERRUPTED` while one of them is still at work.
 */
export async function insideEnded(left: LeftInside, { tell, signal }: Recovering): Promise<readonly OutcomeRecord[]> {
  const { clock } = left;
  const outcomes: OutcomeRecord[] = [];
  for (const [machine, open] of begunInside(left)) {
    const until = Math.max(...open.map(({ at, timeoutMs }) => at + timeoutMs));
    let sight = await lookAt(left, machine);
    for (let looks = 0; sight === "at work"; looks += 1) {
      if (clock.now() >= until) break;
      if (signal?.aborted === true) {
        // Folded in, the journal would no longer tell by what to ask for its end.
        if (open.some(({ script, address }) => script && isTold(left.snapshot, address))) throw interrupted();
        break;
      }
      if (looks === 0) tell(`Waiting for a change that is still at work inside the machine ${machine}.`);
      // An interrupt ends the sleep, and nothing is begun.
      await clock.sleep(AT_WORK_MS, signal).catch(() => undefined);
      sight = await lookAt(left, machine);
    }
    if (sight === "free") outcomes.push(...(await outcomesIn(left, machine, open)));
  }
  return outcomes;
}

/** Machines in which something was begun that has no outcome. */
function begunInside({ open, snapshot }: LeftInside): ReadonlyMap<MachineId, readonly LeftOpen[]> {
  const machines = new Map<MachineId, LeftOpen[]>();
  for (const each of open) {
    const state = snapshot.resources[each.address];
    if (state === undefined || !("machine" in state)) continue;
    machines.set(state.machine, [...(machines.get(state.machine) ?? []), each]);
  }
  return machines;
}

/** `dark`: it does not run, or can't be asked. */
type Look = "at work" | "free" | "dark";

async function lookAt({ driver }: LeftInside, machine: MachineId): Promise<Look> {
  try {
    // Not `inspect`: that would start a stopped OrbStack. A command would start the machine.
    const { machines } = await driver.observe({ settings: false, default: false });
    if (machines.find(({ id }) => id === machine)?.state !== "running") return "dark";
    await lookInside(driver, { machine, timeoutMs: LOOK_MS }, []);
    return "free";
  } catch (error) {
    return isBusy(error) ? "at work" : "dark";
  }
}

/** Whether only its script's own word tells what became of it: of all but commands the next look does. */
function isTold({ resources }: LeftInside["snapshot"], address: Address): boolean {
  const state = resources[address];
  return state?.type === "command" && state.unfinished === true;
}

/** One after the other: a machine takes them in turns anyway. */
async function outcomesIn(
  { snapshot, driver, clock }: LeftInside,
  machine: MachineId,
  open: readonly LeftOpen[],
): Promise<readonly OutcomeRecord[]> {
  const outcomes: OutcomeRecord[] = [];
  for (const { action, address, script } of open) {
    if (script === undefined || !isTold(snapshot, address)) continue;
    // Who gives no answer is not known to have done it.
    const fate = await fateInside(driver, { machine, timeoutMs: LOOK_MS }, script).catch(() => undefined);
    if (fate?.status !== "done") continue;
    const patch = [{ op: "remove", path: "/resource/unfinished" }] as const;
    outcomes.push({ kind: "outcome", action, address, result: "succeeded", patch, at: clock.now() });
  }
  return outcomes;
}

function interrupted(): OrbformError {
  return new OrbformError("ORB_INTERRUPTED", {
    summary: "Interrupted while taking over",
    detail:
      "A command of an earlier run is still at work inside a machine. The run's journal is kept; nothing was begun.",
    hint: "Run `orb apply` again: it waits for it, and goes on from there.",
  });
}
