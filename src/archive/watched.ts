import type { ChildRef, Driver, Operation } from "../driver/driver.ts";
import { DriverError } from "../driver/errors.ts";
import type { Clock } from "../model/clock.ts";
import { interrupted } from "./errors.ts";

/** One mutating operation of a driver, and what bounds the wait for it. */
export interface WatchedOperation {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly operation: Operation;
  readonly begin: (child: ChildRef | null) => Promise<void>;
  /** Milliseconds until its client is stopped. */
  readonly timeoutMs: number;
  readonly stopWaiting: AbortSignal;
}

/** How an operation ended: with its client gone, or with the wait given up while the client goes on. */
export type Ended =
  | { readonly status: "done" }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "abandoned" };

/** Carries out one operation. Never rejects. An interrupt never stops the client; its time-out does. */
export async function watched(call: WatchedOperation): Promise<Ended> {
  const { driver, clock, operation, begin, timeoutMs, stopWaiting } = call;
  const client = new AbortController();
  const ended = new AbortController();
  const slept = clock.sleep(timeoutMs, ended.signal).then(
    () => client.abort(new Error("timed out")),
    () => undefined,
  );
  const work = driver.perform(operation, { begin, signal: client.signal }).then(
    (): Ended => ({ status: "done" }),
    (error: unknown): Ended => ({
      status: "failed",
      error: client.signal.aborted ? overTime(operation, timeoutMs, error) : error,
    }),
  );
  try {
    return await Promise.race([work, aborted(stopWaiting, ended.signal)]);
  } finally {
    ended.abort("ended");
    await slept;
  }
}

/** What is said when nobody waits any longer. */
export function abandoned(what: string): Error {
  return interrupted(
    `It is no longer waited for orbctl, which goes on: ${what}`,
    "Run the command again: it waits for that orbctl, and clears away what it leaves.",
  );
}

function aborted(signal: AbortSignal, until: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ status: "abandoned" });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true, signal: until });
  });
}

function overTime({ verb }: Operation, timeoutMs: number, cause: unknown): DriverError {
  return new DriverError("ORB_ORBCTL_TIMEOUT", {
    kind: "timed out",
    outcome: "unknown",
    summary: "OrbStack did not answer in time",
    detail: `"orbctl ${verb === "restore" ? "import" : verb}" was stopped after ${Math.round(timeoutMs / 1000)} s.`,
    hint: "Give it longer with --timeout.",
    cause,
  });
}
