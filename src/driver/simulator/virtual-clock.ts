import type { Clock } from "../../model/clock.ts";

/** A clock whose time passes only while everybody waits for it. */
export interface VirtualClock extends Clock {
  /** How much of its time has passed since it was made. Milliseconds. */
  elapsed(): number;
  /**
   * Keeps time still while something real goes on, such as loading a module: for at most fifteen real seconds, so that
   * what never ends does not keep everybody waiting for ever.
   */
  during<T>(work: Promise<T>): Promise<T>;
}

const MOST_HELD_MS = 15_000;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Starts in 2026. Time jumps to the next sleeper once nothing else is left to do; the same seed, the same numbers. */
export function virtualClock(seed = 1, begin = Date.UTC(2026, 0, 1)): VirtualClock {
  const time = new VirtualTime(begin);
  return {
    now: () => time.now,
    random: seeded(seed),
    elapsed: () => time.now - begin,
    sleep: (ms, signal) => time.sleep(ms, signal),
    during: (work) => time.during(work),
  };
}

class VirtualTime {
  now: number;
  #pumping = false;
  #held = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(begin: number) {
    this.now = begin;
  }

  sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Error("sleep ended"));
      // Whole milliseconds, as the real clock's: what reads the time may count on that.
      const sleeper = { at: this.now + Math.ceil(ms), wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        if (this.#sleepers.delete(sleeper)) reject(new Error("sleep ended"));
      });
      return this.#pump();
    });
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#held += 1;
    const release = onlyOnce(() => {
      this.#held -= 1;
      this.#pump();
    });
    const timer = setTimeout(release, MOST_HELD_MS);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    // All microtasks have run when an immediate does: whoever could go on without time passing has gone on.
    setImmediate(() => setImmediate(() => this.#turn()));
  }

  #turn(): void {
    const next = this.#held > 0 ? undefined : this.#first();
    if (next === undefined) {
      this.#pumping = false;
      return;
    }
    this.#sleepers.delete(next);
    this.now = Math.max(this.now, next.at);
    next.wake();
    setImmediate(() => this.#turn());
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const each of this.#sleepers) {
      if (first === undefined || each.at < first.at) first = each;
    }
    return first;
  }
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

function onlyOnce(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
