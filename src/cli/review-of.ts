import type { Planned, PlanRequest } from "../engine.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { PlanFile } from "./plan-file.ts";
import type { AppliedReview, Review } from "../report/review.ts";
import { withTargeting } from "./targeting.ts";
import { VERSION } from "./version.ts";

/** A plan as it is shown and reported; `request` is what was asked of it. */
export function reviewOf(planned: Planned, request: PlanRequest | undefined, applied?: AppliedReview): Review {
  const { notices, policy } = planned;
  const plan = withAllGone(withTargeting(planned.plan, request));
  return {
    plan,
    // Made when it is asked for: who only looks at a plan needs none.
    get digest() {
      return planned.digest;
    },
    notices,
    policy,
    version: VERSION,
    worlds: { prior: planned.prior, desired: planned.stack.value },
    ...(applied && { applied }),
  };
}

/** A plan that was kept, as it was shown then. */
export function reviewOfSaved({ saved, text }: PlanFile): Review {
  const { plan, digest, notices, policy, request, version } = saved;
  return { plan: withAllGone(withTargeting(plan, request)), digest, notices, policy, version, document: text };
}

/** An apply asks of this, or refuses: whoever reads the plan is to know. */
function withAllGone(plan: Plan): Plan {
  if (!plan.allGone) return plan;
  const warning: Diagnostic = {
    severity: "warning",
    code: "ORB_ALL_GONE",
    summary: "Every recorded machine is gone",
    detail:
      "None of the machines in state exists any more. That can be a reset of OrbStack, or another OrbStack than the one " +
      "this state speaks of. An apply asks before it makes them again; where nobody can be asked it refuses.",
    hint: "If they are really to be made again without a question, add --yes --recreate-all to the apply.",
  };
  return { ...plan, diagnostics: [...plan.diagnostics, warning] };
}
