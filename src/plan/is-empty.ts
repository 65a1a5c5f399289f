import type { Plan } from "../model/plan.ts";

/** Whether a plan changes nothing that a person would want to know: no change, no output. `apply` then asks nobody. */
export function isEmpty(plan: Plan): boolean {
  return plan.changes.length === 0 && plan.outputChanges.length === 0;
}

/** Whether applying a plan would write a new snapshot although nothing is shown: drift taken over, lifecycle options. */
export function folds(plan: Plan): boolean {
  return Object.keys(plan.refreshed).length > 0 || Object.keys(plan.settled).length > 0;
}
