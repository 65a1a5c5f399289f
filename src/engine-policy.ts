/** Policies in the engine's course: who has none loads nothing for them. */
import type { Planned } from "./engine-types.ts";
import { isDenied, NO_POLICIES, type Policy, type PolicyReport } from "./model/policy.ts";
import type { Judged } from "./policy/judged.ts";

/** What policies say of a plan, and the plan with what kept them from answering. */
export async function judge(
  judged: Judged,
  policies: readonly Policy[] = [],
): Promise<Pick<Planned, "plan" | "policy">> {
  if (policies.length === 0) return { plan: judged.plan, policy: NO_POLICIES };
  const { judgePlan } = await import("./policy/judge-plan.ts");
  return judgePlan(policies, judged);
}

/** A plan that a policy denies is not applied, whoever approves of it. */
export async function refuseDenied(policy: PolicyReport): Promise<void> {
  if (!isDenied(policy)) return;
  const { refuseDenied: refuse } = await import("./policy/refuse-denied.ts");
  refuse(policy);
}
