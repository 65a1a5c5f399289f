import type { Address } from "../model/address.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineId, MachineState } from "../model/machine.ts";
import type { Driver } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import { fateInside, type Fate, type Sought } from "../guest/fate.ts";
import { AT_WORK_MS } from "./inside-free.ts";
import type { Recovering } from "./recover-run.ts";

/** A command that a dead run began: its script's own word is all that tells what became of it. */
export interface LeftCommand {
  readonly address: Address;
  readonly machine: MachineId;
  readonly script: Sought;
  /** When it was begun (epoch ms), and how long it may take. */
  readonly at: number;
  readonly timeoutMs: number;
}

/** By what it is asked for. */
export interface AskPorts {
  readonly driver: Pick<Driver, "observe" | "exec">;
  readonly clock: Clock;
}

/** How long it may take to ask. Milliseconds. */
const ASK_MS = 60_000;

/** How long a machine that gives no answer is asked again at least, whatever the command's time is. Milliseconds. */
export const SILENT_MS = 120_000;

type Answer = Pick<Fate, "status"> | Silent;

/** Nobody answered; that says nothing of the script. */
interface Silent {
  readonly status: "silent";
  /** The machine was seen to be there. */
  readonly isListed: boolean;
  readonly error?: unknown;
}

/**
 * Whether a command was done. While it is at work it is waited for once more as long as it may take, from now on: its time
 * may have gone by while the computer slept. Where nobody answers it is asked again until its time is up, and for two
 * minutes at least: only who is asked so is kept from beginning late. Then that is told, and left to whoever looks into the
 * machine next, by what state has of it. Errors, after which the journal is to stay: `ORB_INTERRUPTED`, `ORB_GUEST_BUSY`
 * where it is at work even then, the driver's where machines can't be listed.
 */
export async function commandDone(ports: AskPorts, command: LeftCommand, recovering: Recovering): Promise<boolean> {
  const { clock } = ports;
  const began = clock.now();
  const until = began + command.timeoutMs;
  // A clock that was set back since makes nobody wait for longer.
  const due = Math.min(command.at, began) + command.timeoutMs;
  const told = new Set<string>();
  let silentUntil: number | undefined;
  for (;;) {
    const answer = await askFate(ports, command);
    const { status } = answer;
    if (status !== "at work" && status !== "silent") return status === "done";
    if (recovering.signal?.aborted === true) throw interrupted(command);
    silentUntil = status === "silent" ? (silentUntil ?? Math.max(due, clock.now() + SILENT_MS)) : undefined;
    if (clock.now() >= (silentUntil ?? until)) {
      refuseToForget(answer, command);
      recovering.tell(untold(command));
      return false;
    }
    if (!told.has(status)) recovering.tell(waitingFor(status, command));
    told.add(status);
    // An interrupt ends the sleep; it is asked once more then.
    await clock.sleep(AT_WORK_MS, recovering.signal).catch(() => undefined);
  }
}

/** What a machine that runs says became of a script; one that does not run is not asked, for that would start it. */
export async function askFate(
  { driver }: AskPorts,
  { machine, script }: Pick<LeftCommand, "machine" | "script">,
): Promise<Answer> {
  let isListed = false;
  try {
    const state = await stateOf(driver, machine);
    isListed = true;
    // A word that is not known doesn't say that it is stopped.
    if (state === "unknown") return { status: "silent", isListed };
    // What scripts left there goes with the boot. It is not asked, for that would start it.
    if (state !== "running") return { status: "lost" };
    return await fateInside(driver, { machine, timeoutMs: ASK_MS }, script);
  } catch (error) {
    const isStopped = !isListed && isDriverError(error) && error.code === "ORB_SERVICE_STOPPED";
    return isStopped ? { status: "lost" } : { status: "silent", isListed, error };
  }
}

/** Of a machine that is gone, nothing; as everywhere, that is believed only after a second list. */
async function stateOf(driver: AskPorts["driver"], machine: MachineId): Promise<MachineState | undefined> {
  // Not `inspect`: that would start a stopped OrbStack.
  const list = async () => (await driver.observe({ settings: false, default: false })).machines;
  const found = (await list()).find(({ id }) => id === machine) ?? (await list()).find(({ id }) => id === machine);
  return found?.state;
}

function waitingFor(status: "at work" | "silent", { address, machine }: LeftCommand): string {
  return status === "at work"
    ? `Waiting for ${address}, which is still at work inside the machine ${machine}.`
    : `Waiting for an answer from the machine ${machine}: nothing else tells whether ${address} has run.`;
}

/** Throws unless nothing is gained by asking the next time. */
function refuseToForget(answer: Answer, { address, machine }: LeftCommand): void {
  if (answer.status !== "silent") throw stillAtWork(address, machine);
  // Then nothing can be planned either.
  if (!answer.isListed) throw answer.error;
}

function untold({ address, machine }: LeftCommand): string {
  return `Nobody can tell yet whether ${address} has run: the machine ${machine} gives no answer. It is asked again when it is looked into.`;
}

function stillAtWork(address: Address, machine: MachineId): OrbformError {
  return new OrbformError("ORB_GUEST_BUSY", {
    summary: "A command is still at work inside",
    detail: `An earlier run began ${address}, whose time is up, and it is still at work inside its machine. That run's journal is kept: by it is asked how the command ends. Nothing was begun.`,
    hint: `Wait until it has ended, or end it with \`orbctl restart ${machine}\`, then run \`orb apply\` again.`,
    address,
  });
}

function interrupted({ address }: LeftCommand): OrbformError {
  return new OrbformError("ORB_INTERRUPTED", {
    summary: "Interrupted while taking over",
    detail: `How ${address} of an earlier run ended inside its machine is not known yet. That run's journal is kept; nothing was begun.`,
    hint: "Run `orb apply` again: it waits for it, and goes on from there.",
    address,
  });
}
