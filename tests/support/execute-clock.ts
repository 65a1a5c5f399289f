import type { Clock } from "../../src/model/clock.ts";

/** A clock whose time passes only while everybody waits for it. `elapsed` = since it was made. */
export interface VirtualClock extends Clock {
  readonly elapsed: () => number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Starts in 2026. Time jumps to the next sleeper once nothing else is left to do. */
export function virtualClock(seed = 1, begin = Date.UTC(2026, 0, 1)): VirtualClock {
  const random = seeded(seed);
  const sleepers = new Set<Sleeper>();
  let now = begin;
  let pumping = false;
  const turn = (): void => {
    const next = [...sleepers].reduce<Sleeper | undefined>(
      (a, b) => (a === undefined || b.at < a.at ? b : a),
      undefined,
    );
    if (next === undefined) {
      pumping = false;
      return;
    }
    sleepers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    setImmediate(turn);
  };
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    // All microtasks have run when an immediate does: whoever could go on without time passing has gone on.
    setImmediate(() => setImmediate(turn));
  };
  return {
    now: () => now,
    random,
    elapsed: () => now - begin,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new Error("sleep ended"));
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => {
          if (sleepers.delete(sleeper)) reject(new Error("sleep ended"));
        });
        return pump();
      }),
  };
}

/** The same numbers for the same seed, in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
