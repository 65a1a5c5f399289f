import type { InsideAction } from "../model/action.ts";
import { assertNever } from "../model/errors.ts";
import type { MachineId } from "../model/machine.ts";
import { DriverError } from "../driver/errors.ts";
import { failed } from "../guest/carry.ts";
import { fateInside, type Fate } from "../guest/fate.ts";
import { asDriverError } from "./failure.ts";
import { AT_WORK_MS, stillAtWork } from "./inside-free.ts";
import type { Step } from "./step.ts";

/** A script that was begun. */
interface Begun {
  readonly machine: MachineId;
  readonly token: string;
  /** Until when it is waited for. */
  readonly deadline: number;
  /** Its time is up. */
  readonly signal: AbortSignal;
}

/** How long it may take to ask. Milliseconds. */
const ASK_MS = 60_000;

/** The end of a script; where its answer was lost, what the machine says became of it. */
export async function outcomeKnown(step: Step<InsideAction>, work: Promise<void>, begun: Begun): Promise<void> {
  try {
    await work;
  } catch (error) {
    const lost = asDriverError(error);
    if (lost.outcome !== "unknown" || !step.wasBegun) throw error;
    settle(step, await fateOf(step, begun), lost);
  }
}

/** Asks until there is an answer: who can't be asked now tells nothing of the script, and may be asked again. */
async function fateOf(step: Step<InsideAction>, begun: Begun): Promise<Fate> {
  const { clock } = step.run.ports;
  const { stopWaiting } = step.run;
  const over = stopWaiting ? AbortSignal.any([begun.signal, stopWaiting]) : begun.signal;
  for (let asked = 0; ; asked += 1) {
    const fate = await ask(step, begun).catch(() => undefined);
    if (fate !== undefined && fate.status !== "at work") return fate;
    if (over.aborted || step.now >= begun.deadline) return fate ?? { status: "lost" };
    if (asked === 0) step.waiting("answer");
    // Its time being up ends the sleep: it is asked once more then.
    await clock.sleep(AT_WORK_MS, over).catch(() => undefined);
  }
}

async function ask(step: Step<InsideAction>, { machine, token }: Begun): Promise<Fate> {
  const { driver } = step.run.ports;
  // Not `inspect`: that would start a stopped OrbStack. A command would start the machine.
  const { machines } = await driver.observe({ settings: false, default: false });
  if (machines.find(({ id }) => id === machine)?.state !== "running") return { status: "lost" };
  return await fateInside(driver, { machine, timeoutMs: ASK_MS }, { token, boot: step.boot });
}

function settle(step: Step<InsideAction>, fate: Fate, lost: DriverError): void {
  switch (fate.status) {
    case "done":
      return;
    case "ended":
      throw failed(`It ended with exit code ${fate.code}; what it printed was lost.`, "ended");
    case "refused":
      throw failed("It ended without success; what it said was lost with the connection.", "refused");
    case "at work":
      throw stillAtWork(step, "unknown");
    case "never begun":
      throw notDone(lost, "It never began.");
    case "cut":
      // What else was left half-way is compared before it is gone on with.
      throw step.action.subject === "command" ? notDone(lost, "A signal ended it.") : lost;
    case "lost":
      throw step.action.subject === "command" ? untold(step, lost) : lost;
    default:
      assertNever(fate);
  }
}

/** It is over, and may be tried again. */
function notDone(lost: DriverError, why: string): DriverError {
  return new DriverError(lost.code, {
    kind: "transport",
    outcome: "nothing",
    summary: "The connection into a machine was lost",
    detail: `${lost.detail} ${why} It does nothing more.`,
    hint: "Run `orb apply` again.",
    cause: lost,
  });
}

function untold({ action }: Step, lost: DriverError): DriverError {
  return new DriverError("ORB_OUTCOME_UNKNOWN", {
    kind: "untold",
    outcome: "unknown",
    summary: "Nobody can tell whether it ran",
    detail: `${action.address} was begun and its answer was lost, and nothing inside the machine tells how it ended. It was not run again.`,
    hint: "Look at what it was to do with `orb on`; the next `orb apply` runs it again.",
    address: action.address,
    cause: lost,
  });
}
