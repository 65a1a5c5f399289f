import { InvariantError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { reviewJson } from "../report/review-json.ts";
import { safeJson } from "../report/safe-json.ts";
import type { Review } from "../report/review.ts";

/** What other tools read of a plan: in a plan file, and as JSON. `timestamp`: when it was made, ISO 8601. */
export function shownJson(review: Review, timestamp: string): JsonObject {
  const { worlds } = review;
  if (worlds === undefined) throw new InvariantError("a plan is shown as JSON without what it was made from");
  return reviewJson(review, worlds, { timestamp });
}

/** A plan as JSON. One that was kept is its file. */
export function planJsonText(review: Review): string {
  return review.document ?? `${safeJson(shownJson(review, new Date().toISOString()), 2)}\n`;
}
