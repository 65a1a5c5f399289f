import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { tally } from "./count-applied.ts";
import { completeLine, incompleteLine } from "./plan-summary.ts";
import type { AppliedReview } from "./review.ts";

/** What an apply came to, in Terraform's line. */
export function appliedVerdict({ counts, operation, results, interrupted }: AppliedReview): string {
  const ends = tally(results);
  const isWhole = ends.failed + ends.skipped + ends.unknown === 0 && !interrupted;
  return isWhole ? completeLine(counts, operation) : incompleteLine(counts, { ...ends, interrupted, operation });
}

/** Why a plan was not applied that could be: nobody approved it, or another one. `undefined`: that is not what kept it. */
export function notApproved({ diagnostics }: Pick<Plan, "diagnostics">): Diagnostic | undefined {
  const [only, ...others] = diagnostics.filter(({ severity }) => severity === "error");
  if (only === undefined || others.length > 0) return undefined;
  return only.code === "ORB_PLAN_STALE" || only.code === "ORB_NOT_APPROVED" ? only : undefined;
}
