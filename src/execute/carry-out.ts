import type { Action } from "../model/action.ts";
import { InvariantError, assertNever } from "../model/errors.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { DriverError } from "../driver/errors.ts";
import { changeClaims } from "./change-claims.ts";
import type { Done } from "./done.ts";
import { asDriverError, problemOf } from "./failure.ts";
import { performance, type Performance } from "./perform.ts";
import { backoffMs, isOverload, type Decision } from "./retry.ts";
import type { Run } from "./run.ts";
import { settleResource } from "./settle.ts";
import type { Step } from "./step.ts";

/** How one action ended. */
export type ActionResult =
  | { readonly status: "succeeded"; readonly tookMs: number; readonly left?: true }
  | { readonly status: "failed"; readonly tookMs: number; readonly problem: Diagnostic }
  /** What it did is not known: its intent stays open, and the next run finds out. */
  | { readonly status: "unknown"; readonly tookMs: number; readonly problem: Diagnostic }
  | {
      readonly status: "skipped";
      readonly reason: "dependency" | "fail-fast" | "interrupted";
      readonly because?: string;
    };

/** Carries out one action with all its attempts. Never rejects for a failure of the action; an {@link InvariantError} passes. */
export async function carryOut(run: Run, action: Action): Promise<Exclude<ActionResult, { status: "skipped" }>> {
  const performed = performance(run, action);
  const { step } = performed;
  const begun = step.now;
  run.emit({ event: "started", ...step.eventBase(), expectedMs: action.expectedMs });
  try {
    const done = await run.interrupt.whileWaiting(attempts(performed));
    return await succeed(step, done, begun);
  } catch (error) {
    if (error instanceof InvariantError) throw error;
    return giveUp(step, error, begun);
  }
}

async function attempts(performed: Performance): Promise<Done> {
  for (;;) {
    try {
      return await performed.attempt();
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      await prepareNext(performed.step, asDriverError(error));
    }
  }
}

/** Makes ready for another attempt, or rejects with the failure where there is none. */
async function prepareNext(step: Step, failure: DriverError): Promise<void> {
  const { action, run } = step;
  if (action.kind === "create" && isOverload(failure.kind)) run.onOverload();
  if (step.onlyLook || run.recorder.failure) throw failure;
  const { kind, outcome } = failure;
  const isStuck = failure.code === "ORB_MACHINE_IN_TRANSITION" && kind === "timed out";
  if (isStuck) throw failure;
  const decision = step.decide(failure);
  // After an interrupt nothing is begun again, but what may have been done is still looked for.
  const retries = decision === "again" && run.stopStarting?.aborted === true;
  await follow(step, failure, retries ? afterInterrupt(outcome) : decision);
}

function afterInterrupt(outcome: DriverError["outcome"]): Decision {
  return outcome === "unknown" ? "look" : "fail";
}

async function follow(step: Step, failure: DriverError, decision: Decision): Promise<void> {
  switch (decision) {
    case "again":
      return await pause(step, failure);
    case "settle":
      return await settle(step, failure);
    case "free space":
      step.freeSpace = true;
      return step.again();
    case "look":
      step.onlyLook = failure;
      return step.again();
    case "taken":
      throw nameTaken(step, failure);
    case "done":
    case "fail":
      throw failure;
    default:
      return assertNever(decision);
  }
}

async function pause(step: Step, failure: DriverError): Promise<void> {
  const { clock } = step.run.ports;
  const inMs = backoffMs(step.attempt + 1, clock.random());
  const problem = problemOf(failure, step.action.address);
  step.run.emit({ event: "retrying", ...step.eventBase(), attempt: step.attempt + 1, inMs, problem });
  await clock.sleep(inMs, step.run.stopWaiting);
  step.again();
}

/** OrbStack refuses while a machine changes: the next attempt waits for it, then looks. Not for ever. */
async function settle(step: Step, failure: DriverError): Promise<void> {
  if (step.settles >= MOST_SETTLES) throw failure;
  step.settles += 1;
  step.waiting("settled");
  await step.run.poller.next();
  step.again();
}

const MOST_SETTLES = 60;

async function succeed(step: Step, done: Done, begun: number): Promise<Exclude<ActionResult, { status: "skipped" }>> {
  const { action, run, before } = step;
  const left = (run.shape.left.get(action.address) ?? 1) - 1;
  const isLast = left === 0 && done.problem === undefined;
  const next = isLast ? await settleResource(step, done.state) : done.state;
  if (run.interrupt.aborted) return giveUp(step, interrupted(), begun);
  if (done.problem === undefined) run.shape.left.set(action.address, left);
  const result = done.problem === undefined ? "succeeded" : "failed";
  run.recorder.outcome({ action: action.id, address: action.address, result, at: step.now }, next);
  noteMade(run, next);
  changeClaims(run, { address: action.address, before, after: next });
  const tookMs = step.now - begun;
  if (done.problem === undefined)
    return { ...tellSucceeded(step, next, tookMs), ...(done.left && { left: done.left }) };
  const problem = problemOf(done.problem, action.address);
  run.emit({ event: "failed", ...step.eventBase(), tookMs, problem });
  return { status: "failed", tookMs, problem };
}

function tellSucceeded(
  step: Step,
  state: ResourceState | undefined,
  tookMs: number,
): ActionResult & { status: "succeeded" } {
  const id = state?.type === "machine" ? state.id : undefined;
  step.run.emit({ event: "succeeded", ...step.eventBase(), tookMs, ...(id === undefined ? {} : { machineId: id }) });
  return { status: "succeeded", tookMs };
}

function giveUp(step: Step, error: unknown, begun: number): Exclude<ActionResult, { status: "skipped" }> {
  const { action, run } = step;
  const tookMs = step.now - begun;
  const address = action.address;
  if (run.interrupt.aborted) {
    // Written down as it stands: an intent without an outcome. The work may still go on.
    const problem = problemOf(interrupted(), address);
    run.emit({ event: "unknown", ...step.eventBase(), tookMs, problem });
    return { status: "unknown", tookMs, problem };
  }
  const problem = problemOf(error, address);
  // A refusal doesn't take back what an earlier attempt may have done: that may still appear.
  const isOpen = step.hasKept ? asDriverError(error).outcome === "unknown" : step.isUncertain;
  const isUnknown = step.wasBegun && isOpen;
  const next = isUnknown && !step.hasKept ? step.state : step.fallback;
  const result = isUnknown ? "unknown" : "failed";
  run.recorder.outcome({ action: action.id, address, result, at: step.now }, next);
  noteMade(run, next);
  changeClaims(run, { address, before: step.before, after: next });
  run.emit({ event: result, ...step.eventBase(), tookMs, problem });
  return { status: result, tookMs, problem };
}

function noteMade(run: Run, state: ResourceState | undefined): void {
  if (state?.type === "machine" && state.id !== undefined) run.knownIds.add(state.id);
}

function nameTaken(step: Step, failure: DriverError): DriverError {
  const { action } = step;
  const name = nameOf(action);
  return new DriverError("ORB_NAME_TAKEN", {
    summary: "The name is taken",
    detail: `A machine named ${name} exists already. It was not touched, and nothing was made.`,
    hint: `Take it over with \`orb adopt ${action.address} ${name}\`, or give this one another name.`,
    address: action.address,
    cause: failure,
    kind: "already exists",
    outcome: "refused",
  });
}

function nameOf(action: Action): string {
  if (action.kind === "rename") return action.to;
  return "name" in action ? action.name : "";
}

function interrupted(): DriverError {
  return new DriverError("ORB_INTERRUPTED", {
    summary: "It was left while under way",
    detail: "Apply was interrupted twice and stopped waiting. What it does may still be going on.",
    hint: "Run `orb apply` again: it waits for what was left, and goes on from there.",
    kind: "other",
    outcome: "unknown",
  });
}
