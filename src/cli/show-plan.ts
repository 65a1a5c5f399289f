import type { Planned, PlanRequest } from "../engine.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { changesAnything, unfoldedDrift } from "../report/plan-summary.ts";
import type { Review } from "../report/review.ts";
import type { Console } from "./console.ts";
import type { ReportSource } from "./report-source.ts";
import { reviewOf } from "./review-of.ts";
import type { Teller } from "./teller.ts";

/** How `plan` shows its plan. */
export interface ShowPlan {
  readonly console: Console;
  readonly tell: Teller;
  /** `text`, or what the whole plan is written as instead. */
  readonly format: string;
  /** Files it is written to besides. */
  readonly report?: readonly string[] | undefined;
  /** The stack's name and file. */
  readonly found?: ReportSource["found"];
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
export async function showPlan(planned: PlannedNow, how: ShowPlan): Promise<number> {
  const review = reviewOf(planned, how.request);
  const { plan } = review;
  const source = { ...how, resources: planned.stack.value.resources };
  if (how.format === "text") tellPlan(planned, review, how);
  else how.console.out(await inFormat(review, source));
  await report(review, source);
  if (hasErrors(plan.diagnostics)) return 1;
  return how.detailed && changesAnything(plan) ? 2 : 0;
}

function tellPlan(planned: PlannedNow, { plan }: Review, { tell }: ShowPlan): void {
  for (const notice of [...underWay(planned), ...planned.notices]) tell.notice(notice);
  if (!hasErrors(plan.diagnostics)) tell.plan(plan);
  tell.diagnostics(plan.diagnostics);
  tell.planned(plan);
}

async function inFormat(review: Review, source: ShowPlan & ReportSource): Promise<string> {
  const { rendered } = await import("./reports.ts");
  return rendered(source.format, review, source);
}

/** Loaded by those who want files only. */
async function report(review: Review, source: ShowPlan & ReportSource): Promise<void> {
  const { report: files = [] } = source;
  if (files.length === 0) return;
  const { writeReports } = await import("./reports.ts");
  await writeReports(files, review, source);
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
