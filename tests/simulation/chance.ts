import { seeded } from "../support/execute-clock.ts";

/** Where everything that a seed decides comes from. The same seed, the same choices. */
export interface Chance {
  /** A number in [0, 1). */
  number(): number;
  /** A whole number from 0 up to, not including, `most`. */
  below(most: number): number;
  /** One of them; there must be one. */
  pick<T>(from: readonly T[]): T;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** Another source, decided by this one: what is drawn from it doesn't shift what is drawn from this. */
  apart(): Chance;
}

/** The choices of one seed. */
export function chance(seed: number): Chance {
  const number = seeded(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const below = (most: number): number => Math.floor(number() * most);
  return {
    number,
    below,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
    happens: (probability) => number() < probability,
    apart: () => chance(below(2 ** 31)),
  };
}
