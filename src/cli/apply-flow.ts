import type { Applied, Planned, PlanRequest } from "../engine.ts";
import { isOrbformError, OrbformError } from "../model/errors.ts";
import { countApplied, tally } from "../report/count-applied.ts";
import { confirm } from "./confirm.ts";
import type { Console } from "./console.ts";
import type { Project } from "./engine-port.ts";
import { durationMs } from "./flags.ts";
import { interruptExit, watchInterrupts, type Interrupts } from "./interrupts.ts";
import type { Teller } from "./teller.ts";

/** The flags of commands that carry a plan out. */
export interface ApplyFlags {
  readonly yes: boolean;
  readonly expect?: string | undefined;
  readonly parallelism?: number | undefined;
  readonly "lock-timeout": string;
  readonly "fail-fast": boolean;
  readonly "recreate-all": boolean;
}

/** One apply as a command asks for it. */
export interface ApplyCall {
  readonly console: Console;
  readonly tell: Teller;
  readonly flags: ApplyFlags;
  readonly operation: "apply" | "destroy";
  readonly request: PlanRequest;
}

/**
 * Plans, shows, asks, applies, and tells how it went. Exit: 0 done, 1 where an action failed, 130 or 143 interrupted;
 * what went wrong before anything ran is thrown.
 */
export async function applyFlow(project: Project, call: ApplyCall): Promise<number> {
  const interrupts = watchInterrupts(process, (message) => call.tell.notice(message));
  try {
    const applied = await project.apply(requestFor(call, interrupts));
    return finish(applied, call, interrupts);
  } catch (error) {
    const signal = interrupts.first();
    if (signal === undefined) throw error;
    throw interrupted(error, interruptExit(signal));
  } finally {
    call.tell.end();
    interrupts.dispose();
  }
}

type Request = Parameters<Project["apply"]>[0];

function requestFor(call: ApplyCall, interrupts: Interrupts): Request {
  const { flags, tell } = call;
  return {
    plan: call.request,
    operation: call.operation,
    ...(flags.parallelism === undefined ? {} : { parallelism: flags.parallelism }),
    failFast: flags["fail-fast"],
    lockTimeoutMs: durationMs(flags["lock-timeout"]),
    recreateAll: flags["recreate-all"],
    ...(flags.yes ? {} : { approve: () => ask(call, interrupts) }),
    onPlan: (planned) => showBeforehand(planned, call),
    onEvent: (event) => tell.event(event),
    onNotice: (notice) => tell.notice(notice),
    stopStarting: interrupts.stopStarting,
    stopWaiting: interrupts.stopWaiting,
  };
}

function showBeforehand({ plan, digest, notices }: Planned, { tell, flags }: ApplyCall): void {
  for (const notice of notices) tell.notice(notice);
  const errors = plan.diagnostics.filter((each) => each.severity === "error");
  if (errors.length === 0) tell.plan(plan);
  // The first error is thrown by the engine and told last.
  tell.diagnostics(plan.diagnostics.filter((each) => each !== errors[0]));
  if (errors.length === 0 && flags.expect !== undefined && flags.expect !== digest) throw otherPlan(flags.expect, digest);
}

const QUESTIONS = {
  apply:
    "\nDo you want to perform these actions?\n  Orbform will perform the actions described above.\n" +
    "  Only 'yes' will be accepted to approve.\n\n  Enter a value: ",
  destroy:
    "\nDo you really want to destroy all resources?\n  Orbform will destroy all your managed machines, as shown above.\n" +
    "  There is no undo. Only 'yes' will be accepted to confirm.\n\n  Enter a value: ",
} as const;

async function ask({ console, operation }: ApplyCall, interrupts: Interrupts): Promise<boolean> {
  const { stdin: input, stderr: output, interactive } = console;
  const asking = { input, output, interactive, signal: interrupts.stopStarting };
  return confirm({ text: QUESTIONS[operation], flag: "--yes" }, asking);
}

function finish(applied: Applied, call: ApplyCall, interrupts: Interrupts): number {
  const signal = interrupts.first();
  const { tell, operation } = call;
  const { planned, results, snapshot } = applied;
  const ends = tally(results);
  tell.end();
  tell.diagnostics(ends.problems);
  const counts = countApplied(planned.plan, results);
  tell.applied({ ...ends, counts, operation, outputs: snapshot.outputs, interrupted: signal !== undefined });
  if (signal !== undefined) return interruptExit(signal);
  return ends.failed + ends.skipped + ends.unknown > 0 ? 1 : 0;
}

function otherPlan(expected: string, found: string): OrbformError {
  return new OrbformError("ORB_PLAN_STALE", {
    summary: "This is not the approved plan",
    detail: `The approved plan's digest is ${expected}; the plan made now has ${found}. No machine was touched.`,
    hint: "Review the plan shown above, and approve its digest with --expect.",
  });
}

/** After a signal, whatever was thrown is its consequence: an interrupt, told with what it stopped. */
function interrupted(error: unknown, exit: number): OrbformError {
  if (isOrbformError(error) && !["ORB_NOT_APPROVED", "ORB_INTERRUPTED"].includes(error.code)) {
    return Object.assign(error, { oclif: { exit } });
  }
  const told = new OrbformError("ORB_INTERRUPTED", {
    summary: "Interrupted",
    detail: "The command was interrupted before it changed any machine.",
    hint: "Run it again when you are ready.",
    cause: error,
  });
  return Object.assign(told, { oclif: { exit } });
}
