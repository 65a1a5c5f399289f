/** Where a link of a chain is killed. */
import type { Random } from "./random.ts";

/** One kill that is to happen. */
export interface KillPlan {
  /** `POINT:N` of tests/support/kill-at.mjs, or `ms:N`: from outside, so many milliseconds after the start. */
  readonly point: string;
  /** Every `orbctl` that runs at that moment dies too. */
  readonly powerCut: boolean;
  /** Factor on the world's durations: with it, what is under way at a kill goes on for a while. */
  readonly latency: string;
}

const NAMED = ["intent", "go", "outcome", "call", "answer"] as const;

/**
 * The next kill. `busy`: machines that must be made; more work has later points. A point that is not reached lets the
 * apply end, which is looked at as well.
 */
export function killPlan(by: Random, busy: number): KillPlan {
  return { point: killPoint(by, busy), powerCut: by.chance(0.1), latency: by.one(["0", "0", "0", "0.05", "0.2"]) };
}

function killPoint(by: Random, busy: number): string {
  const kind = by.next();
  if (kind < 0.06) return "snapshot:1";
  if (kind < 0.14) return `ms:${60 + by.below(500 + 250 * busy)}`;
  if (kind < 0.45) return `${by.one(NAMED)}:${1 + by.below(2 + 3 * busy)}`;
  return `any:${1 + Math.floor(by.next() ** 1.5 * (90 + 60 * busy))}`;
}
