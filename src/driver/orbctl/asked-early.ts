import type { Clock } from "../../model/clock.ts";

/** How old an answer may be that came before it was needed. Milliseconds. */
const FRESH_MS = 1000;

/**
 * Asks at once what will be asked soon, so that the answer comes while other things are read. Whoever asks first gets it,
 * or its failure; where it has grown old meanwhile, and ever after, it is asked anew.
 */
export function askedEarly<T>(clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let early: Promise<{ readonly answer: T; readonly at: number }> | undefined = timed(clock, ask);
  // Told to whoever asks; nobody may.
  early.catch(() => undefined);
  return async () => {
    const first = early;
    early = undefined;
    if (first === undefined) return await ask();
    const { answer, at } = await first;
    return clock.now() - at <= FRESH_MS ? answer : await ask();
  };
}

async function timed<T>(clock: Clock, ask: () => Promise<T>): Promise<{ readonly answer: T; readonly at: number }> {
  const answer = await ask();
  return { answer, at: clock.now() };
}
