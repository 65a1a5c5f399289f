import type { Clock } from "../model/clock.ts";

/** What a look at a machine tells of an operation that has not returned. */
export type Sight = "done" | "on its way" | "not done";

/** How an operation is watched. */
export interface Watch {
  readonly clock: Clock;
  /** Milliseconds until it is looked into whether it is done. */
  readonly timeoutMs: number;
  /** Milliseconds after which it is looked at again and again; absent: at the time-out only. */
  readonly watchAfterMs?: number;
  /** Resolves once something new may be seen. */
  readonly look: () => Promise<Sight>;
}

/** How long a create may go on before it is watched: about one in a hundred never returns though the machine runs. */
export const WATCH_CREATE_AFTER_MS = 30_000;

const LOOK_EVERY_MS = 1000;

/**
 * Runs an operation to its end without trusting that it returns. Where a look shows that it is done, its client is
 * stopped and that is success. A time-out looks first: still on its way – as long again, once; else the client is
 * stopped. Settles only when the client is gone, so that its slot stays taken until then; rejects as the operation does.
 */
export async function supervise(run: (signal: AbortSignal) => Promise<void>, watch: Watch): Promise<void> {
  const client = new AbortController();
  const work = run(client.signal);
  const ended = work.then(
    () => true,
    () => true,
  );
  const seenDone = await watchUntil(ended, watch);
  if (seenDone === undefined) return await work;
  client.abort(new Error(seenDone ? "done, though its client did not return" : "timed out"));
  if (!seenDone) return await work;
  await ended;
  return undefined;
}

/** `undefined` – it ended by itself; `true` – seen done; `false` – it must be stopped. */
async function watchUntil(ended: Promise<boolean>, watch: Watch): Promise<boolean | undefined> {
  const { clock, timeoutMs } = watch;
  let deadline = clock.now() + timeoutMs;
  let isFirst = true;
  let wait = Math.min(timeoutMs, watch.watchAfterMs ?? timeoutMs);
  for (;;) {
    if (await endsWithin(ended, { clock, ms: wait })) return undefined;
    const sight = await Promise.race([ended, watch.look()]);
    if (sight === true) return undefined;
    if (sight === "done") return true;
    if (clock.now() >= deadline) {
      if (sight !== "on its way" || !isFirst) return false;
      isFirst = false;
      // From now on: the computer may have slept through the first.
      deadline = clock.now() + timeoutMs;
    }
    wait = Math.min(LOOK_EVERY_MS, Math.max(1, deadline - clock.now()));
  }
}

async function endsWithin(ended: Promise<boolean>, timer: { clock: Clock; ms: number }): Promise<boolean> {
  const stop = new AbortController();
  const slept = timer.clock.sleep(timer.ms, stop.signal).then(
    () => false,
    () => true,
  );
  try {
    return await Promise.race([ended, slept]);
  } finally {
    stop.abort(ENDED);
  }
}

/** Without a reason each abort makes an error with a stack. */
const ENDED = "ended";
