import type { PlanRequest } from "../engine.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";

/** A plan as it is shown: where only a part was looked at, it says so first. The plan's digest is that of the plan alone. */
export function withTargeting(plan: Plan, request: PlanRequest | undefined): Plan {
  if (request === undefined || request.targets.length + request.excludes.length === 0) return plan;
  return { ...plan, diagnostics: [targeting(request), ...plan.diagnostics] };
}

function targeting({ targets, excludes }: PlanRequest): Diagnostic {
  const flags = [...targets.map((each) => `--target ${each}`), ...excludes.map((each) => `--exclude ${each}`)];
  return {
    severity: "warning",
    code: "ORB_TARGETED",
    summary: "Resource targeting is in effect",
    detail: `Only a part of the stack is looked at (${flags.join(" ")}), so the result may not be all that the stack asks for.`,
    hint: "This is for exceptional situations. To see whether anything is left, run: orb plan",
  };
}
