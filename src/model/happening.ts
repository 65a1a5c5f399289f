/**
 * What a command does to the outside, as it happens: calls of orbctl, the plan, the actions that carry it out, what is done
 * on each machine. Plain data, handed to whoever was asked to watch: `--timings` and the log (docs/adr/0010-events-not-a-logger.md).
 */
import type { ErrorCode } from "./error-codes.ts";
import type { ExecuteEvent } from "./execute-event.ts";
import type { Plan } from "./plan.ts";

interface CallEvent {
  /** The command's word, or two: `list`, `config show`. */
  readonly command: string;
  /** Its words, as far as they may be written down: never what runs inside a machine, nor a global setting's value. */
  readonly words: readonly string[];
  /** Epoch ms. */
  readonly at: number;
}

/** orbctl is called. */
export interface CallBegan extends CallEvent {
  readonly event: "call began";
}

/** How a call ended; `not run`: it could not be started, or not written down before. */
export type CallEnding = "exited" | "stopped by a signal" | "timed out" | "aborted" | "not run";

/** A call of orbctl has ended. */
export interface CallEnded extends CallEvent {
  readonly event: "call ended";
  readonly ending: CallEnding;
  /** `null` where it has none. */
  readonly exitCode: number | null;
  /** From its beginning, what is written down before it may run included. */
  readonly tookMs: number;
  /** Of a call that changes something. */
  readonly pid?: number;
  /** What it printed and what was kept of it. */
  readonly printedBytes: number;
}

/** A plan was made. */
export interface PlanMade {
  readonly event: "planned";
  readonly at: number;
  readonly plan: Plan;
}

/** What was asked for on one of several machines has ended there: a command, a copy. */
export interface MachineDone {
  readonly event: "machine done";
  /** Its name. */
  readonly machine: string;
  readonly outcome: "succeeded" | "failed" | "unreachable";
  readonly at: number;
  readonly tookMs: number;
  /** The command's; absent where there was none or it was not seen. */
  readonly exitCode?: number;
  /** Of what kept it from being done. */
  readonly code?: ErrorCode;
}

/** Anything that happens. */
export type Happening = CallBegan | CallEnded | PlanMade | MachineDone | ExecuteEvent;

/** Whoever wants to know; told at once, in order. Must not throw. */
export type Watch = (happening: Happening) => void;
