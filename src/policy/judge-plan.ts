import { hasErrors } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { NO_POLICIES, type Policy, type PolicyReport } from "../model/policy.ts";
import { checkPolicies } from "./check-policies.ts";
import type { Judged } from "./judged.ts";

/**
 * What policies say of a plan, and the plan with what kept them from answering. They judge what is to be changed: not a
 * plan that has errors, and none that only takes in what changed outside.
 */
export function judgePlan(
  policies: readonly Policy[],
  judged: Judged,
): { readonly plan: Plan; readonly policy: PolicyReport } {
  const { plan } = judged;
  if (plan.mode === "refresh-only" || hasErrors(plan.diagnostics)) return { plan, policy: NO_POLICIES };
  const { value: policy, diagnostics } = checkPolicies(policies, judged);
  return { plan: { ...plan, diagnostics: [...plan.diagnostics, ...diagnostics] }, policy };
}
