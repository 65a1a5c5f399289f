import { readPolicies } from "../../src/desired/read-policies.ts";
import { plan } from "../../src/plan/plan.ts";
import type { PlanInput } from "../../src/plan/plan-input.ts";
import { checkPolicies } from "../../src/policy/check-policies.ts";
import { judgePlan } from "../../src/policy/judge-plan.ts";
import type { Judged } from "../../src/policy/judged.ts";
import { planView } from "../../src/policy/plan-view.ts";
import type { PolicyPlan } from "../../src/model/policy-view.ts";
import type { Policy } from "../../src/stack/define-policy.ts";
import { inputOf, type Worlds } from "./plan-builders.ts";

/** A plan of an input, with the worlds it was made from. */
export function judgedOf(input: PlanInput): Judged {
  const { desired, prior, live } = input;
  return { plan: plan(input), desired, prior, live };
}

/** What policies see of the plan of a world. */
export function viewOf(worlds: Worlds): PolicyPlan {
  return planView(judgedOf(inputOf(worlds)));
}

/** What policies say of the plan of a world. */
export function checked(policies: readonly Policy[], worlds: Worlds) {
  return checkPolicies(readPolicies(policies, { of: "the test", place: undefined }), judgedOf(inputOf(worlds)));
}

/** The same by way of what decides whether they are asked at all. */
export function judgement(policies: readonly Policy[], worlds: Worlds) {
  return judgePlan(readPolicies(policies, { of: "the test", place: undefined }), judgedOf(inputOf(worlds)));
}

/** Findings as text: `deny small machine.web`. */
export function said(policies: readonly Policy[], worlds: Worlds): readonly string[] {
  const { findings } = checked(policies, worlds).value;
  return findings.map(({ severity, policy, address }) => [severity, policy, address].filter(Boolean).join(" "));
}
