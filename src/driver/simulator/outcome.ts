import type { Failure } from "./failure.ts";
import type { World } from "./world.ts";

/**
 * How an operation will end. It is already written down in the world; the caller only waits for it, so a caller that
 * dies takes nothing with it.
 */
export interface Outcome {
  /** Epoch ms by the world's clock; `Infinity`: the caller never returns. */
  readonly until: number;
  /** What to say at the end instead of succeeding. */
  readonly failure?: Failure;
  /** Looks at the world at the end; throws a Failure where something came in between. */
  readonly verify?: (world: World) => void;
}

/** The outcome of what is done at once. */
export function doneAt(until: number): Outcome {
  return { until };
}

/** The outcome of a caller that never gets an answer. */
export const NEVER: Outcome = { until: Infinity };
