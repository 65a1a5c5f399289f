import type { Applied, Planned, PlanRequest } from "../engine.ts";
import { isOrbformError, OrbformError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import type { Action } from "../model/action.ts";
import { countApplied, tally, type Tally } from "../report/count-applied.ts";
import { withDeletedId } from "../report/deleted-id.ts";
import { confirm } from "./confirm.ts";
import type { Console } from "./console.ts";
import type { Project } from "./context.ts";
import { failureOf } from "./exit.ts";
import { durationMs } from "./flags.ts";
import { interruptExit, watchInterrupts, type Interrupts } from "./interrupts.ts";
import { reporting, type Reporting } from "./reporting.ts";
import { withTargeting } from "./targeting.ts";
import { tellPolicy } from "./tell-policy.ts";
import type { Teller } from "./teller.ts";

/** The flags of commands that carry a plan out. */
export interface ApplyFlags {
  readonly yes: boolean;
  readonly expect?: string | undefined;
  readonly parallelism?: number | undefined;
  readonly "lock-timeout": string;
  readonly "fail-fast": boolean;
  readonly "recreate-all": boolean;
  readonly env?: string | undefined;
  /** Files that reports are written to. */
  readonly report?: readonly string[] | undefined;
}

/** A call that changes state: how it is told, and the flags that every such call has. */
export interface ToldCall {
  readonly console: Console;
  readonly tell: Teller;
  readonly flags: Pick<ApplyFlags, "yes" | "expect" | "lock-timeout" | "env" | "report">;
  readonly operation: "apply" | "destroy" | "adopt";
  /** What was asked of the plan; an adoption asks for nothing. */
  readonly request?: PlanRequest;
}

/** One apply as a command asks for it. */
export interface ApplyCall extends ToldCall {
  readonly flags: ApplyFlags;
  readonly request: PlanRequest;
}

/**
 * Plans, shows, asks, applies, and tells how it went. Exit: 0 done, 1 where an action failed, 130 or 143 interrupted;
 * what went wrong before anything ran is thrown.
 */
export function applyFlow(project: Project, call: ApplyCall): Promise<number> {
  const { flags, request, operation } = call;
  return carryOut(call, project, (hooks) =>
    project.apply({
      ...hooks,
      plan: request,
      operation,
      ...(flags.parallelism === undefined ? {} : { parallelism: flags.parallelism }),
      failFast: flags["fail-fast"],
      recreateAll: flags["recreate-all"],
    }),
  );
}

/** Takes one machine into state and tells how it went. Asks nobody: no machine is touched. Exits as {@link applyFlow}. */
export function adoptFlow(project: Project, call: ToldCall, which: Adopting): Promise<number> {
  return carryOut(call, project, (hooks) => project.adopt({ ...hooks, ...which }));
}

/** Takes every machine of the stack into state that is there and not in it. Asks nobody. Exits as {@link applyFlow}. */
export function adoptAllFlow(project: Project, call: ToldCall, allowReplace: boolean): Promise<number> {
  return carryOut(call, project, (hooks) => project.adoptAll({ ...hooks, allowReplace }));
}

type AdoptCall = Parameters<Project["adopt"]>[0];

/** Which machine is taken into state, and where. */
export type Adopting = Pick<AdoptCall, "address" | "name" | "allowReplace">;

/** What such a call is told by, and asked with. */
type Hooks = Omit<AdoptCall, keyof Adopting>;

/** Does the work of a call that changes state, and tells how it went. */
export async function carryOut(
  call: ToldCall,
  { found }: Project,
  work: (hooks: Hooks) => Promise<Applied>,
): Promise<number> {
  const interrupts = watchInterrupts(process, (message) => call.tell.notice(message));
  const reports = reporting(call, found);
  try {
    const applied = await work(hooksFor(call, interrupts, reports));
    const code = finish(applied, call, interrupts);
    await reports.write(applied, interrupts);
    return code;
  } catch (error) {
    // What can't be written is told beside: what ended the apply is what it exits for.
    await reports.writeUnapplied(error).catch((unwritable: unknown) => {
      call.tell.diagnostics(failureOf(unwritable).diagnostics);
    });
    const signal = interrupts.first();
    if (signal === undefined) throw error;
    throw interrupted(error, interruptExit(signal));
  } finally {
    call.tell.end();
    interrupts.dispose();
  }
}

function hooksFor(call: ToldCall, interrupts: Interrupts, reports: Reporting): Hooks {
  const { flags, tell } = call;
  let actions: readonly Action[] = [];
  return {
    lockTimeoutMs: durationMs(flags["lock-timeout"], "lock-timeout"),
    ...(flags.yes ? {} : { approve: (planned: Planned) => ask(planned.plan, call, interrupts) }),
    onPlan: (planned) => {
      reports.planned(planned);
      ({ actions } = planned.plan);
      return showBeforehand({ ...planned, plan: withTargeting(planned.plan, call.request) }, call);
    },
    onEvent: (event) => {
      reports.event(event);
      tell.event(withDeletedId(event, actions));
    },
    onNotice: (notice) => tell.notice(notice),
    stopStarting: interrupts.stopStarting,
    stopWaiting: interrupts.stopWaiting,
  };
}

async function showBeforehand({ plan, digest, notices, policy }: Planned, call: ToldCall): Promise<void> {
  const { tell, flags, console } = call;
  for (const notice of notices) tell.notice(notice);
  const errors = plan.diagnostics.filter((each) => each.severity === "error");
  // That there is nothing to adopt is among the notices.
  const isNone = call.operation === "adopt" && plan.changes.length === 0;
  if (errors.length === 0 && !isNone) tell.plan(plan);
  await tellPolicy(policy, tell, console);
  // The first error is thrown by the engine and told last.
  tell.diagnostics(plan.diagnostics.filter((each) => each !== errors[0]));
  if (errors.length === 0 && flags.expect !== undefined && flags.expect !== digest)
    throw otherPlan(flags.expect, digest);
}

const QUESTIONS = {
  apply:
    "\nDo you want to perform these actions?\n  Orbform will perform the actions described above.\n" +
    "  Only 'yes' will be accepted to approve.\n\n  Enter a value: ",
  destroy:
    "\nDo you really want to destroy all resources?\n  Orbform will destroy all your managed machines, as shown above.\n" +
    "  There is no undo. Only 'yes' will be accepted to confirm.\n\n  Enter a value: ",
} as const;

const ALL_GONE =
  "\nEvery machine in the state is gone. Applying makes all of them anew, with nothing of what was inside.\n";

async function ask(plan: Plan, { console, operation }: ToldCall, interrupts: Interrupts): Promise<boolean> {
  const { stdin: input, stderr: output, interactive, silent } = console;
  const asking = { input, output, interactive, silent: silent === true, signal: interrupts.stopStarting };
  const text = QUESTIONS[operation === "destroy" ? "destroy" : "apply"];
  const approving = "the plan as it is shown";
  if (plan.allGone) return confirm({ text: `${ALL_GONE}${text}`, flag: "--yes --recreate-all", approving }, asking);
  return confirm({ text, flag: "--yes", approving }, asking);
}

function finish(applied: Applied, call: ToldCall, interrupts: Interrupts): number {
  const { tell, operation } = call;
  const { planned, results, snapshot } = applied;
  const ends = tally(results);
  tell.end();
  tell.diagnostics(ends.problems);
  const counts = countApplied(planned.plan, results);
  const stopped = stoppedBy(ends, interrupts);
  tell.applied({ ...ends, counts, operation, outputs: snapshot.outputs, interrupted: stopped !== undefined });
  if (stopped !== undefined) return interruptExit(stopped);
  return isPartial(ends) ? 1 : 0;
}

/** The signal that kept an apply from its end: one that came when all was done changed nothing. */
function stoppedBy(ends: Tally, interrupts: Interrupts): ReturnType<Interrupts["first"]> {
  return isPartial(ends) ? interrupts.first() : undefined;
}

function isPartial({ failed, skipped, unknown }: Tally): boolean {
  return failed + skipped + unknown > 0;
}

/** The plan is not the one that was approved. */
export function otherPlan(expected: string, found: string): OrbformError {
  const isDigest = /^[0-9a-f]{64}$/.test(expected);
  const approved = isDigest ? expected : `${JSON.stringify(expected)}, which is no digest of a plan (64 hex digits)`;
  return new OrbformError("ORB_PLAN_STALE", {
    summary: "This is not the approved plan",
    detail: `Approved is ${approved}; this plan's digest is ${found}. No machine was touched.`,
    hint: "Review this plan, and approve its digest with --expect.",
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
