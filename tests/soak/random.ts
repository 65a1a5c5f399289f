/** A stream of choices that the same seed repeats. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0, below `count`. */
  below(count: number): number;
  one<T>(choices: readonly [T, ...T[]]): T;
  chance(of: number): boolean;
}

/** Choices by a seed (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    one: (choices) => choices[below(choices.length)] ?? choices[0],
    chance: (of) => next() < of,
  };
}
