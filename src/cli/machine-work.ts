import { connectTo, type Guest } from "../guest/connect.ts";
import { onEach } from "../guest/each.ts";
import { select } from "../guest/select.ts";
import type { MachineDone } from "../model/happening.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { MachineEnd } from "../report/on-json.ts";
import type { Voice } from "./base-command.ts";
import type { Machines } from "./context-machines.ts";
import { failureOf } from "./exit.ts";
import { durationMs } from "./flags.ts";

/** The flags of work on several machines. */
export interface ManyFlags {
  readonly start: boolean;
  readonly timeout?: string | undefined;
  readonly parallelism: number;
  readonly "fail-fast": boolean;
}

/** The machines that a selector means, by one look at all of them. Errors: those of `select` and of looking. */
export async function meant(machines: Machines, selector: string): Promise<readonly MachineFacts[]> {
  const observed = await machines.driver.observe({ settings: false, default: false });
  return select(selector, { machines: observed.machines, snapshot: machines.snapshot });
}

/** Milliseconds that each machine is given; nothing where no time-out was asked for. */
export function timeLimit({ timeout }: Pick<ManyFlags, "timeout">): { readonly timeoutMs?: number } {
  return timeout === undefined ? {} : { timeoutMs: durationMs(timeout, "timeout") };
}

/** What is done on one machine; a number is an exit code. */
export type MachineWork = (guest: Guest) => Promise<number | undefined>;

interface Watched {
  readonly call: Pick<Voice, "console" | "watch"> & { readonly flags: ManyFlags };
  readonly work: MachineWork;
  readonly ended: (end: MachineEnd) => void;
}

/** Works on machines and tells of each as it ends; all ends in the order of the machines. */
export async function workOn(
  machines: Machines,
  chosen: readonly MachineFacts[],
  { call, work, ended }: Watched,
): Promise<readonly MachineEnd[]> {
  const { flags, console, watch } = call;
  const ends = new Map<string, MachineEnd>();
  const began = new Map<string, number>();
  const finish = (end: Ended): void => {
    ends.set(end.machine, end);
    const at = console.now();
    watch?.(doneOn(end, { at, tookMs: at - (began.get(end.machine) ?? at) }));
    ended(end);
  };
  const one = async (machine: MachineFacts): Promise<void> => {
    const exitCode = await work(await connectTo(machines, machine, { start: flags.start }));
    const status = (exitCode ?? 0) === 0 ? "succeeded" : "failed";
    finish({ machine: machine.name, status, ...(exitCode !== undefined && { exitCode }) });
    if (status === "failed") throw new Error("failed");
  };
  const told = async (machine: MachineFacts): Promise<void> => {
    began.set(machine.name, console.now());
    try {
      await one(machine);
    } catch (error) {
      if (!ends.has(machine.name)) finish(problemEnd(machine.name, error));
      throw error;
    }
  };
  await onEach(chosen, told, { limit: flags.parallelism, failFast: flags["fail-fast"] });
  return chosen.map(({ name }) => ends.get(name) ?? { machine: name, status: "skipped" });
}

/** How it ended on a machine on which it was begun. */
type Ended = MachineEnd & { readonly status: MachineDone["outcome"] };

function doneOn({ machine, status, exitCode, problem }: Ended, time: Pick<MachineDone, "at" | "tookMs">): MachineDone {
  const exit = exitCode === undefined ? {} : { exitCode };
  return { event: "machine done", machine, outcome: status, ...time, ...exit, ...(problem && { code: problem.code }) };
}

/** Codes that say that nothing is known of what was asked for: it was not done, or its end was not seen. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ORB_CONNECTION",
  "ORB_MACHINE_NOT_FOUND",
  "ORB_MACHINE_IN_TRANSITION",
  "ORB_ORBCTL_FAILED",
  "ORB_SERVICE_STOPPED",
]);

function problemEnd(machine: string, error: unknown): Ended {
  const [problem] = failureOf(error).diagnostics;
  return { machine, status: UNREACHABLE.has(problem.code) ? "unreachable" : "failed", problem };
}
