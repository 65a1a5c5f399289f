import type { Action, ActionId } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { carryOut, type ActionResult } from "./carry-out.ts";
import { changeClaims } from "./change-claims.ts";
import { createThrottle } from "./create-throttle.ts";
import type { ExecuteEvent } from "../model/execute-event.ts";
import { Interrupt } from "./interrupt.ts";
import type { Limits } from "../model/limits.ts";
import { poller } from "./poller.ts";
import { Recorder } from "./recorder.ts";
import { shapeOf, type ExecutePorts, type Run } from "./run.ts";
import { schedule, type ScheduleCounts, type ScheduleOptions } from "./scheduler.ts";
import { addressesOf } from "./settle.ts";
import { endWith, type OutputValue } from "./snapshot.ts";
import type { Duration } from "../state/timings.ts";

/** How a plan is carried out. */
export interface ExecuteOptions {
  readonly limits: Limits;
  /** The first failure stops starting. */
  readonly failFast: boolean;
  /** Ids of every machine that exists before anything runs. */
  readonly knownIds: readonly string[];
  /** Longest remaining expected path of each action, from `graph/critical-path`. */
  readonly remainingMs: ReadonlyMap<ActionId, number>;
  readonly onEvent: (event: ExecuteEvent) => void;
  /** First interrupt: nothing more is started. */
  readonly stopStarting?: AbortSignal;
  /** Second interrupt: what is in flight is left, its intents open. */
  readonly stopWaiting?: AbortSignal;
}

/** What to carry out, on what, with what. */
export interface Execution {
  readonly plan: Plan;
  /** The snapshot the plan was made on. */
  readonly prior: Snapshot;
  readonly ports: ExecutePorts;
  readonly options: ExecuteOptions;
}

/** How carrying out a plan went. */
export interface ExecutionResult {
  /** One for each action of the plan. */
  readonly results: ReadonlyMap<ActionId, ActionResult>;
  /** To be written by the caller: prior's serial + 1. Valid whatever failed. Not to be written after a second interrupt. */
  readonly snapshot: Snapshot;
  readonly outputs: { readonly [name: string]: OutputValue };
  /** What succeeded, measured. */
  readonly durations: readonly Duration[];
  /** Why the journal could not be written, where that happened; nothing was begun after it. */
  readonly journalFailure?: unknown;
}

/**
 * Carries out exactly the actions of a plan. Never rejects for a failed action: the results say how each ended. Rejects
 * with an `InvariantError` (a bug) only, after what was under way has ended.
 */
export async function execute({ plan, prior, ports, options }: Execution): Promise<ExecutionResult> {
  const results = new Map<ActionId, ActionResult>();
  const durations: Duration[] = [];
  const { run, scheduled } = prepare({ plan, prior, ports, options });
  takeOverRefreshed(run);
  await schedule({
    ...scheduled,
    run: async (action) => {
      const result = await carryOut(run, action);
      results.set(action.id, result);
      if (result.status === "succeeded") {
        durations.push({ kind: action.kind, address: action.address, ms: result.tookMs });
      }
      return result.status;
    },
    onSkip: (action, reason, because) => {
      const at = ports.clock.now();
      const base = { action: action.id, address: action.address, does: action.kind, at };
      const more = because === undefined ? {} : { because };
      results.set(action.id, { status: "skipped", reason, ...more });
      run.emit({ event: "skipped", ...base, reason, ...more });
    },
  });
  if (!run.interrupt.aborted) await Promise.all([run.recorder.flush(), ...run.claiming.values()]);
  const ended = run.interrupt.aborted ? { snapshot: prior, outputs: {} } : await endWith(run, prior);
  const { failure } = run.recorder;
  return { results, durations, ...ended, ...(failure ? { journalFailure: failure.error } : {}) };
}

type Scheduled = Omit<ScheduleOptions<Action>, "run" | "onSkip">;

function prepare({ plan, prior, ports, options }: Execution): { readonly run: Run; readonly scheduled: Scheduled } {
  let setLimit: ((kind: string, limit: number) => void) | undefined;
  const throttle = createThrottle(options.limits, (kind, limit) => setLimit?.(kind, limit));
  const { stopStarting, stopWaiting } = options;
  const now = (): number => ports.clock.now();
  const run: Run = {
    plan,
    ports,
    recorder: new Recorder(prior.resources, ports.journal),
    poller: poller(ports),
    interrupt: new Interrupt(stopWaiting),
    stopStarting,
    stopWaiting,
    knownIds: new Set(options.knownIds),
    workedIn: new Set(),
    leftAt: new Set(),
    shape: shapeOf(plan.actions, prior.resources),
    serial: prior.serial,
    claiming: new Map(),
    emit: options.onEvent,
    onOverload: () => throttle.overloaded(now()),
  };
  const scheduled: Scheduled = {
    actions: plan.actions,
    remainingMs: options.remainingMs,
    limits: options.limits,
    failFast: options.failFast,
    ...(stopStarting ? { stopStarting } : {}),
    onLimits: (set) => {
      setLimit = set;
    },
    onCounts: (counts) => {
      throttle.ended(now());
      run.emit(countsEvent(counts, now()));
    },
  };
  return { run, scheduled };
}

/** Begins with what refreshing found, before anything runs. */
function takeOverRefreshed(run: Run): void {
  const changes = addressesOf(run.plan.refreshed).map((address) => {
    const before = run.recorder.get(address);
    return { address, before, after: run.plan.refreshed[address] ?? undefined };
  });
  run.recorder.refreshed(changes);
  changeClaims(run, ...changes);
}

function countsEvent({ ended, ...counts }: ScheduleCounts, at: number): ExecuteEvent {
  return { event: "counts", at, ...counts, ...ended };
}
