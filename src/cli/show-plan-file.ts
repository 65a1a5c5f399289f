import type { PlanFile } from "./plan-file.ts";
import { reviewOfSaved } from "./review-of.ts";
import { showReview, writeReports, type ShowReview } from "./show-plan.ts";

/** Shows a plan that was kept. As JSON it is the file as it stands. Exit 0. */
export async function showPlanFile({ saved, text }: PlanFile, how: ShowReview): Promise<number> {
  const review = reviewOfSaved(saved);
  if (how.format === "json") {
    how.console.out(text);
    await writeReports(review, how);
  } else await showReview(review, how);
  return 0;
}
