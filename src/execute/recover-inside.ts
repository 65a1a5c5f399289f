import type { MachineId } from "../model/machine.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IntentRecord, OutcomeRecord } from "../state/records.ts";
import { isBusy, lookInside } from "../guest/look.ts";
import { AT_WORK_MS } from "./inside-free.ts";
import { askFate, commandDone, SILENT_MS, type AskPorts, type LeftCommand } from "./recover-command.ts";
import type { Recovering } from "./recover-run.ts";

/** How long one look may take. Milliseconds. */
const LOOK_MS = 60_000;

/** What a dead run began and left without an outcome, and how to look for it. */
export interface LeftInside extends AskPorts {
  readonly open: readonly LeftOpen[];
  readonly snapshot: Pick<Snapshot, "resources">;
}

type LeftOpen = Pick<IntentRecord, "action" | "address" | "at" | "timeoutMs" | "script">;

/**
 * Waits until what a dead run began inside machines has ended there: it may go on though its client is gone (contract
 * 4.2). Of commands nothing else tells how they ended, and they would be run again: each is asked for until that is known.
 * All else is waited for until its action's time is up, where it can be asked: whatever looks into that machine later asks
 * again. Gives the outcomes of the commands that were done, and of the users that nobody began to make. Errors: those of
 * {@link commandDone}.
 */
export async function insideEnded(left: LeftInside, recovering: Recovering): Promise<readonly OutcomeRecord[]> {
  const outcomes: OutcomeRecord[] = [];
  for (const [machine, open] of begunInside(left)) {
    const others: LeftOpen[] = [];
    for (const each of open) {
      const command = commandOf(left, machine, each);
      if (command === undefined) others.push(each);
      else if (await commandDone(left, command, recovering)) outcomes.push(doneNow(left, each));
    }
    if (others.length > 0) await othersEnded(left, { machine, others }, recovering);
    const until = left.clock.now() + SILENT_MS;
    for (const each of others) {
      if (await isNeverMade(left, { machine, each, until }, recovering.signal)) outcomes.push(notMade(left, each));
    }
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

/** Nothing for what the next look tells the end of, and where the run wrote down nothing to ask for. */
function commandOf(
  { snapshot }: LeftInside,
  machine: MachineId,
  { address, script, at, timeoutMs }: LeftOpen,
): LeftCommand | undefined {
  const state = snapshot.resources[address];
  if (script === undefined || state?.type !== "command" || state.unfinished !== true) return undefined;
  return { address, machine, script, at, timeoutMs };
}

function doneNow({ clock, snapshot }: LeftInside, { action, address }: LeftOpen): OutcomeRecord {
  const state = snapshot.resources[address];
  const over = ["unfinished", "script"].filter((key) => state !== undefined && key in state);
  const patch = over.map((key) => ({ op: "remove", path: `/resource/${key}` }) as const);
  return { kind: "outcome", action, address, result: "succeeded", patch, at: clock.now() };
}

/**
 * A user who was not there, and whom nothing of ours came to make: one of that name is somebody else's. Where the machine
 * can't tell, one counts as ours.
 */
async function isNeverMade(
  left: LeftInside,
  { machine, each, until }: { readonly machine: MachineId; readonly each: LeftOpen; readonly until: number },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { address, script } = each;
  const state = left.snapshot.resources[address];
  if (script === undefined || state?.type !== "user" || state.unfinished !== true) return false;
  if (state.was !== undefined || state.seen.type !== "user" || state.seen.exists) return false;
  const { clock } = left;
  for (;;) {
    const { status } = await askFate(left, { machine, script });
    if (status !== "silent" || clock.now() >= until || signal?.aborted === true) return status === "never begun";
    await clock.sleep(AT_WORK_MS, signal).catch(() => undefined);
  }
}

function notMade({ clock }: LeftInside, { action, address }: LeftOpen): OutcomeRecord {
  return {
    kind: "outcome",
    action,
    address,
    result: "failed",
    patch: [{ op: "remove", path: "/resource" }],
    at: clock.now(),
  };
}

interface Others {
  readonly machine: MachineId;
  readonly others: readonly LeftOpen[];
}

async function othersEnded(left: LeftInside, { machine, others }: Others, { tell, signal }: Recovering): Promise<void> {
  const { clock } = left;
  const until = Math.max(...others.map(({ at, timeoutMs }) => at + timeoutMs));
  for (let looks = 0; (await isAtWork(left, machine)) && clock.now() < until; looks += 1) {
    if (signal?.aborted === true) return;
    if (looks === 0) tell(`Waiting for a change that is still at work inside the machine ${machine}.`);
    // An interrupt ends the sleep, and nothing is begun.
    await clock.sleep(AT_WORK_MS, signal).catch(() => undefined);
  }
}

/** Not where it does not run, or can't be asked. */
async function isAtWork({ driver }: LeftInside, machine: MachineId): Promise<boolean> {
  try {
    // Not `inspect`: that would start a stopped OrbStack. A command would start the machine.
    const { machines } = await driver.observe({ settings: false, default: false });
    if (machines.find(({ id }) => id === machine)?.state !== "running") return false;
    await lookInside(driver, { machine, timeoutMs: LOOK_MS }, []);
    return false;
  } catch (error) {
    return isBusy(error);
  }
}
