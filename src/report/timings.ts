import { waitsFor, type ActionId, type ActionKind } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { CallEnded, Happening, MachineDone } from "../model/happening.ts";
import type { FailedEvent, StartedEvent, SucceededEvent, UnknownEvent } from "../model/execute-event.ts";

/** How long everything took that one command did. Milliseconds. */
export interface Timings {
  /** The whole command, with loading, waiting and asking. */
  readonly elapsedMs: number;
  /** Those that were begun and have ended, in the order they began. */
  readonly actions: readonly ActionTime[];
  /** Of work on several machines, in the order it began. */
  readonly machines: readonly MachineTime[];
  /** By command, the one that took longest first. */
  readonly calls: readonly CallTimes[];
}

/** How long one action took. */
export interface ActionTime {
  readonly action: ActionId;
  readonly address: Address;
  readonly does: ActionKind;
  readonly outcome: "succeeded" | "failed" | "unknown";
  /** How often it was tried; the pauses between are in its time. */
  readonly attempts: number;
  /** Since the first action began. */
  readonly beganMs: number;
  /** From when all that it needs had ended until it began: as long it waited for its turn. */
  readonly waitedMs: number;
  readonly tookMs: number;
}

/** How long it took on one machine. */
export interface MachineTime {
  readonly machine: string;
  readonly outcome: MachineDone["outcome"];
  /** Since the first began. */
  readonly beganMs: number;
  readonly tookMs: number;
}

/** How long the calls of one command of orbctl took. Calls that run at the same time count each for itself. */
export interface CallTimes {
  readonly command: string;
  readonly count: number;
  /** Those that ended otherwise than with exit code 0. */
  readonly failed: number;
  readonly totalMs: number;
  readonly slowestMs: number;
}

/** Works out how long everything took, from what happened. Linear in what happened. */
export function timingsOf(happenings: readonly Happening[], elapsedMs: number): Timings {
  const machines = machineTimes(happenings);
  return { elapsedMs, actions: actionTimes(happenings), machines, calls: callTimes(happenings) };
}

type EndedEvent = SucceededEvent | FailedEvent | UnknownEvent;

/** What has to be known of all actions to tell of one. */
interface Course {
  readonly needs: Map<ActionId, readonly ActionId[]>;
  readonly started: Map<ActionId, StartedEvent>;
  readonly ended: Map<ActionId, EndedEvent>;
  readonly attempts: Map<ActionId, number>;
}

function actionTimes(happenings: readonly Happening[]): readonly ActionTime[] {
  const course: Course = { needs: new Map(), started: new Map(), ended: new Map(), attempts: new Map() };
  for (const each of happenings) follow(course, each);
  const [first] = course.started.values();
  return [...course.started.values()].flatMap((started) => {
    const ended = course.ended.get(started.action);
    return ended === undefined ? [] : [actionTime(course, { started, ended, firstAt: first?.at ?? started.at })];
  });
}

function follow({ needs, started, ended, attempts }: Course, happening: Happening): void {
  const { event } = happening;
  if (event === "planned") for (const action of happening.plan.actions) needs.set(action.id, waitsFor(action));
  if (event === "started") started.set(happening.action, happening);
  if (event === "retrying") attempts.set(happening.action, happening.attempt);
  if (event === "succeeded" || event === "failed" || event === "unknown") ended.set(happening.action, happening);
}

interface Taken {
  readonly started: StartedEvent;
  readonly ended: EndedEvent;
  readonly firstAt: number;
}

function actionTime({ needs, ended: ends, attempts }: Course, { started, ended, firstAt }: Taken): ActionTime {
  const { action, address, does, at } = started;
  const readyAt = (needs.get(action) ?? []).reduce((latest, id) => Math.max(latest, ends.get(id)?.at ?? 0), firstAt);
  return {
    action,
    address,
    does,
    outcome: ended.event,
    attempts: attempts.get(action) ?? 1,
    beganMs: at - firstAt,
    waitedMs: Math.max(0, at - readyAt),
    tookMs: ended.tookMs,
  };
}

function machineTimes(happenings: readonly Happening[]): readonly MachineTime[] {
  const all = happenings.flatMap((each) => (each.event === "machine done" ? [each] : []));
  const firstAt = Math.min(...all.map(({ at, tookMs }) => at - tookMs));
  const times = all.map(({ machine, outcome, at, tookMs }) => {
    return { machine, outcome, beganMs: at - tookMs - firstAt, tookMs };
  });
  return times.toSorted((a, b) => a.beganMs - b.beganMs);
}

function callTimes(happenings: readonly Happening[]): readonly CallTimes[] {
  const byCommand = new Map<string, CallTimes>();
  for (const each of happenings) {
    if (each.event === "call ended") byCommand.set(each.command, withCall(byCommand.get(each.command), each));
  }
  return [...byCommand.values()].toSorted((a, b) => b.totalMs - a.totalMs || (a.command < b.command ? -1 : 1));
}

function withCall(before: CallTimes | undefined, { command, exitCode, ending, tookMs }: CallEnded): CallTimes {
  const { count, failed, totalMs, slowestMs } = before ?? { count: 0, failed: 0, totalMs: 0, slowestMs: 0 };
  return {
    command,
    count: count + 1,
    failed: failed + (ending === "exited" && exitCode === 0 ? 0 : 1),
    totalMs: totalMs + tookMs,
    slowestMs: Math.max(slowestMs, tookMs),
  };
}
