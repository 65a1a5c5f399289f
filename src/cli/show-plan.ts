import type { Planned, PlanRequest } from "../engine.ts";
import { hasErrors } from "../model/diagnostic.ts";
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
  const plan = withTargeting(planned.plan, how.request);
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
