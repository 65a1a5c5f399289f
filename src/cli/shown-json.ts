import type { JsonObject } from "../model/json.ts";
import { planJson } from "../report/plan-json.ts";
import type { Review } from "../report/review.ts";

/** What other tools read of a plan: in a plan file, and as JSON. `at`: when it was made, ISO 8601. */
export function shownJson(review: Review, _at: string): JsonObject {
  const { plan, digest, notices, policy } = review;
  return planJson(plan, { digest, notices, policy, diagnostics: plan.diagnostics });
}
