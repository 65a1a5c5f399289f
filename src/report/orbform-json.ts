import type { Action } from "../model/action.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { diagnosticJson } from "./diagnostics.ts";
import { changesAnything } from "./plan-summary.ts";
import { policyJson } from "./policy-json.ts";
import type { AppliedReview, Review } from "./review.ts";

/** What Terraform's representation of a plan has no place for; it stands under the key `orbform`, with stable keys. */
export function orbformJson(review: Review): JsonObject {
  const { plan, digest, policy, notices, version, commit, applied } = review;
  return {
    version,
    mode: plan.mode,
    stack: plan.stack,
    ...(plan.env === undefined ? {} : { env: plan.env }),
    ...(commit === undefined ? {} : { commit }),
    digest,
    serial: plan.serial,
    lineage: plan.lineage,
    has_changes: changesAnything(plan),
    summary: { ...plan.summary },
    actions: plan.actions.map(actionJson),
    policy: policyJson(policy),
    notices: [...notices],
    diagnostics: plan.diagnostics.map((each) => diagnosticJson(each)),
    ...(applied && { applied: appliedJson(applied) }),
  };
}

function actionJson(action: Action): JsonObject {
  const { id, kind, address, after, afterEnd, expectedMs } = action;
  return {
    id,
    kind,
    address,
    after: [...after],
    ...(afterEnd && { after_end: [...afterEnd] }),
    expected_ms: expectedMs,
  };
}

/** How it was carried out: `results` has the actions that were reached, in the order they ended. */
function appliedJson({ operation, counts, interrupted, results }: AppliedReview): JsonObject {
  const ended = [...results].map(([action, { status, problem, left }]): Json => {
    return { action, status, ...(left && { left }), ...(problem && { problem: diagnosticJson(problem) }) };
  });
  return { operation, counts: { ...counts }, interrupted, results: ended };
}
