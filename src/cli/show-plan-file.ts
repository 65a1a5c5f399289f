import type { PlanFile } from "./plan-file.ts";
import { reportPlan } from "./reports.ts";
import { reviewOfSaved } from "./review-of.ts";
import { showReview, type ShowReview } from "./show-plan.ts";

/** Shows a plan that was kept. As JSON it is the file as it stands. Exit 0. */
export async function showPlanFile({ saved, text }: PlanFile, how: ShowReview): Promise<number> {
  const review = reviewOfSaved(saved);
  const shown = { ...how, resources: saved.watched.resources };
  if (how.format === "json") {
    how.console.out(text);
    await reportPlan(review, { ...shown, format: "text" });
  } else await showReview(review, shown);
  return 0;
}
