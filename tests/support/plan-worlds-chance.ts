import * as fc from "fast-check";

/** One of these, each as likely. */
export function among<T>(...all: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...all);
}

/** The first four times in five, else one of the others. Shrinks to the first. */
export function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

/** Nearly always the first: what would spoil most worlds if it were more frequent. */
export function nearlyAlways<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}
