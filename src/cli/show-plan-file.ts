import type { PlanFile } from "./plan-file.ts";
import { reviewOfSaved } from "./review-of.ts";
import { showReview, type ShowReview } from "./show-plan.ts";

/** Shows a plan that was kept. As JSON it is the file as it stands. Exit 0. */
export async function showPlanFile(file: PlanFile, how: ShowReview): Promise<number> {
  await showReview(reviewOfSaved(file), { ...how, resources: file.saved.watched.resources });
  return 0;
}
