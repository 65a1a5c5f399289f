import type { Action } from "../model/action.ts";
import type { Change, PlanSummary } from "../model/plan.ts";

/**
 * Counts as Terraform does: a replacement is one add and one destroy, a predecessor that is still to be deleted one
 * destroy more; what changes nothing isn't counted.
 */
export function summarise(changes: readonly Change[], actions: readonly Action[]): PlanSummary {
  const count = (...words: readonly Change["action"][]): number =>
    changes.filter((each) => words.includes(each.action)).length;
  const leftovers = actions.filter((each) => each.kind === "delete" && each.deposed && !each.replacing);
  const own = changes.filter((each) => each.action === "delete" && each.reason !== "delete: deposed").length;
  return {
    add: count("create", "replace"),
    change: count("update"),
    destroy: own + count("replace") + leftovers.length,
    forget: count("forget"),
    adopt: count("adopt"),
  };
}
