import type { Planned, PlanRequest } from "../engine.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { planJson } from "../report/plan-json.ts";
import { changesAnything, unfoldedDrift } from "../report/plan-summary.ts";
import type { Console } from "./console.ts";
import { withTargeting } from "./targeting.ts";
import type { Teller } from "./teller.ts";

/** How `plan` shows its plan. */
export interface ShowPlan {
  readonly console: Console;
  readonly tell: Teller;
  /** One JSON object for the whole plan instead of text or lines. */
  readonly asObject: boolean;
  /** `--detailed-exitcode`. */
  readonly detailed: boolean;
  /** What was asked of the plan. */
  readonly request: PlanRequest;
}

/** A plan, and who applies one right now. */
export type PlannedNow = Planned & { readonly applyInProgress?: Holder };

interface Holder {
  readonly who: string;
  readonly operation: string;
  readonly created: string;
  readonly id: string;
}

/** Shows a plan. Exit: 1 with errors, 2 with changes where asked for, else 0. */
export function showPlan(planned: PlannedNow, how: ShowPlan): number {
  const { notices } = planned;
  const plan = withAllGone(withTargeting(planned.plan, how.request));
  const { diagnostics } = plan;
  if (how.asObject) {
    const { digest } = planned;
    how.console.out(`${JSON.stringify(planJson(plan, { digest, diagnostics, notices }), null, 2)}\n`);
  } else {
    for (const notice of [...underWay(planned), ...notices]) how.tell.notice(notice);
    if (!hasErrors(diagnostics)) how.tell.plan(plan);
    how.tell.diagnostics(diagnostics);
    how.tell.planned(plan);
  }
  if (hasErrors(diagnostics)) return 1;
  return how.detailed && changesAnything(plan) ? 2 : 0;
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

function underWay({ applyInProgress: holder }: PlannedNow): readonly string[] {
  if (holder === undefined) return [];
  return [
    `Note: ${holder.who} runs ${holder.operation} since ${holder.created} (lock ${holder.id}); this may change soon.`,
  ];
}

/** Shows what changed outside. Exit: 1 with errors, 2 with drift, else 0. */
export function showDrift(planned: PlannedNow, how: ShowPlan): number {
  const code = showPlan(planned, how);
  if (code === 1) return 1;
  return unfoldedDrift(planned.plan).length > 0 ? 2 : 0;
}
