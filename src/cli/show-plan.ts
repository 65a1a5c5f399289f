import type { Planned, PlanRequest } from "../engine.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { isDenied } from "../model/policy.ts";
import { changesAnything, unfoldedDrift } from "../report/plan-summary.ts";
import type { Review } from "../report/review.ts";
import type { Console } from "./console.ts";
import { reviewOf } from "./review-of.ts";
import { tellPolicy } from "./tell-policy.ts";
import type { Teller } from "./teller.ts";

/** How `plan` shows its plan. */
export interface ShowPlan {
  readonly console: Console;
  readonly tell: Teller;
  /** `text`, or what the whole plan is written as instead. */
  readonly format: string;
  /** Files it is written to besides. */
  readonly report?: readonly string[] | undefined;
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

/** Shows a plan. Exit: 1 with errors, 3 where a policy denies it, 2 with changes where asked for, else 0. */
export async function showPlan(planned: PlannedNow, how: ShowPlan): Promise<number> {
  const review = reviewOf(planned, how.request);
  const { plan } = review;
  if (how.format === "text") await tellPlan(planned, review, how);
  else how.console.out(await inFormat(how.format, review));
  await report(review, how);
  if (hasErrors(plan.diagnostics)) return 1;
  if (isDenied(review.policy)) return 3;
  return how.detailed && changesAnything(plan) ? 2 : 0;
}

async function tellPlan(planned: PlannedNow, { plan, policy }: Review, { tell, console }: ShowPlan): Promise<void> {
  for (const notice of [...underWay(planned), ...planned.notices]) tell.notice(notice);
  if (!hasErrors(plan.diagnostics)) tell.plan(plan);
  await tellPolicy(policy, tell, console);
  tell.diagnostics(plan.diagnostics);
  tell.planned(plan);
}

async function inFormat(format: string, review: Review): Promise<string> {
  const { rendered } = await import("./reports.ts");
  return rendered(format, review);
}

/** Loaded by those who want files only. */
async function report(review: Review, { report: files = [], console }: ShowPlan): Promise<void> {
  if (files.length === 0) return;
  const { writeReports } = await import("./reports.ts");
  await writeReports(files, review, console.cwd);
}

function underWay({ applyInProgress: holder }: PlannedNow): readonly string[] {
  if (holder === undefined) return [];
  return [
    `Note: ${holder.who} runs ${holder.operation} since ${holder.created} (lock ${holder.id}); this may change soon.`,
  ];
}

/** Shows what changed outside. Exit: 1 with errors, 2 with drift, else 0. */
export async function showDrift(planned: PlannedNow, how: ShowPlan): Promise<number> {
  const code = await showPlan(planned, how);
  if (code === 1) return 1;
  return unfoldedDrift(planned.plan).length > 0 ? 2 : 0;
}
