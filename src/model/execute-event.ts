/**
 * What happens while a plan is carried out, one event at a time, in the order it happens. Plain data; a reader can be
 * written against this file alone. Times are epoch ms of the clock that was handed in.
 */
import type { ActionId, ActionKind } from "./action.ts";
import type { Address } from "./address.ts";
import type { Diagnostic } from "./diagnostic.ts";

interface ActionEvent {
  readonly action: ActionId;
  readonly address: Address;
  /** What the action does: `create`, `rename` … */
  readonly does: ActionKind;
  readonly at: number;
}

/** An action begins. `expectedMs` is what it is expected to take. */
export interface StartedEvent extends ActionEvent {
  readonly event: "started";
  readonly expectedMs: number;
}

/** What an action is waiting for. */
export type WaitingFor = "settled" | "ready" | "answer";

/** An action has to wait for a machine: `settled` – in transition; `ready` – made, not ready; `answer` – looked into. */
export interface WaitingEvent extends ActionEvent {
  readonly event: "waiting";
  readonly waitingFor: WaitingFor;
}

/** An attempt failed and surely did nothing, or nothing was found of it: another follows in `inMs`. */
export interface RetryingEvent extends ActionEvent {
  readonly event: "retrying";
  /** The attempt that will follow; 2 = the first repetition. */
  readonly attempt: number;
  readonly inMs: number;
  readonly problem: Diagnostic;
}

/** Something the user should know of an action that goes on: a clamped limit, a recoverable cloud-init. */
export interface NoticeEvent extends ActionEvent {
  readonly event: "notice";
  readonly notice: Diagnostic;
}

/** An action is done. `machineId` where it is a machine's. */
export interface SucceededEvent extends ActionEvent {
  readonly event: "succeeded";
  readonly tookMs: number;
  readonly machineId?: string;
}

/** An action failed, and what it did is known. */
export interface FailedEvent extends ActionEvent {
  readonly event: "failed";
  readonly tookMs: number;
  readonly problem: Diagnostic;
}

/** What an action did is not known; the next run finds out. */
export interface UnknownEvent extends ActionEvent {
  readonly event: "unknown";
  readonly tookMs: number;
  readonly problem: Diagnostic;
}

/** Why an action was not begun. */
export type SkipReason = "dependency" | "fail-fast" | "interrupted";

/** An action was not begun. `because` names the failed action it needed, where there is one. */
export interface SkippedEvent extends ActionEvent {
  readonly event: "skipped";
  readonly reason: SkipReason;
  readonly because?: ActionId;
}

/** How far it is: sent after an action began or ended. `waiting` counts all that have not begun, ready or not. */
export interface CountsEvent {
  readonly event: "counts";
  readonly at: number;
  readonly total: number;
  readonly running: number;
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  /** For an ETA: the expected time of all that has not ended, and of the longest path among it. */
  readonly remainingWorkMs: number;
  readonly remainingPathMs: number;
}

/** Anything that happens while a plan is carried out. */
export type ExecuteEvent =
  | StartedEvent
  | WaitingEvent
  | RetryingEvent
  | NoticeEvent
  | SucceededEvent
  | FailedEvent
  | UnknownEvent
  | SkippedEvent
  | CountsEvent;
