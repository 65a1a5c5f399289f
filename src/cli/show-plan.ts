import type { Planned, PlanRequest } from "../engine.ts";
import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { isDenied } from "../model/policy.ts";
import { changesAnything, unfoldedDrift } from "../report/plan-summary.ts";
import type { Review } from "../report/review.ts";
import type { Console } from "./console.ts";
import { shellWord } from "./hints.ts";
import type { ReportSource } from "./report-source.ts";
import { reviewOf } from "./review-of.ts";
import { tellPolicy } from "./tell-policy.ts";
import type { Teller } from "./teller.ts";

/** How a plan is shown. */
export interface ShowReview {
  readonly console: Console;
  readonly tell: Teller;
  /** `text`, or what the whole plan is written as instead. */
  readonly format: string;
  /** Files it is written to besides. */
  readonly report?: readonly string[] | undefined;
  /** The stack's name and file. */
  readonly found?: ReportSource["found"];
  /** What the stack declares. */
  readonly resources?: ReportSource["resources"];
}

/** How `plan` shows its plan. */
export interface ShowPlan extends ShowReview {
  /** `--detailed-exitcode`. */
  readonly detailed: boolean;
  /** What was asked of the plan. */
  readonly request: PlanRequest;
  /** The file it was kept in. */
  readonly kept?: string;
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
  await showReview(review, { ...how, resources: planned.stack.value.resources }, underWay(planned));
  if (how.kept !== undefined && how.format === "text") how.tell.notice(keptIn(how.kept, review));
  if (hasErrors(review.plan.diagnostics)) return 1;
  if (isDenied(review.policy)) return 3;
  return how.detailed && changesAnything(review.plan) ? 2 : 0;
}

/** Shows a plan as it was made; `first`: what is to be told before it. */
export async function showReview(review: Review, how: ShowReview, first: readonly string[] = []): Promise<void> {
  const isText = how.format === "text";
  if (isText) await tellPlan(review, how, first);
  // Loaded by those who want another format, or files.
  if (isText && (how.report ?? []).length === 0) return;
  const { reportPlan } = await import("./reports.ts");
  await reportPlan(review, how);
}

async function tellPlan(
  { plan, policy, notices }: Review,
  { tell, console }: ShowReview,
  first: readonly string[],
): Promise<void> {
  for (const notice of [...first, ...notices]) tell.notice(notice);
  if (!hasErrors(plan.diagnostics)) tell.plan(plan);
  await tellPolicy(policy, tell, console);
  tell.diagnostics(plan.diagnostics);
  tell.planned(plan);
}

function keptIn(file: string, review: Review): string {
  return `\nSaved the plan to: ${file}\nIts digest: ${review.digest}\n\n${applying(file, review)}`;
}

function applying(file: string, { plan, policy }: Review): string {
  if (hasErrors(plan.diagnostics)) return "It can't be applied: it has errors.";
  if (isDenied(policy)) return "It can't be applied: it is denied by policy.";
  if (!changesAnything(plan)) return "There is nothing to do in it.";
  // A bare word would be a stack's name.
  const word = /^[\w-]+$/.test(file) ? `./${file}` : file;
  return `To perform exactly these actions, run:\n  ${["orb apply", shellWord(word)].join(" ")}`;
}

function underWay({ applyInProgress: holder }: PlannedNow): readonly string[] {
  if (holder === undefined) return [];
  return [
    `Note: ${holder.who} runs ${holder.operation} since ${holder.created} (lock ${holder.id}); this may change soon.`,
  ];
}

/** Shows what changed outside. Exit: 1 with errors, 2 with drift, else 0. */
export async function showDrift(planned: PlannedNow, how: ShowPlan): Promise<number> {
  const code = await showPlan({ ...planned, plan: asFound(planned.plan) }, how);
  if (code === 1) return 1;
  return unfoldedDrift(planned.plan).length > 0 ? 2 : 0;
}

/** That a machine was replaced outside is what was looked for: no reason to tell of nothing else. */
function asFound(plan: Plan): Plan {
  const replaced = new Set<string>(plan.drift.filter(({ kind }) => kind === "replaced").map(({ address }) => address));
  const diagnostics = plan.diagnostics.map((each): Diagnostic => {
    const isFound = each.code === "ORB_REPLACED_OUTSIDE" && replaced.has(each.address ?? "");
    return isFound ? { ...each, severity: "warning" } : each;
  });
  return { ...plan, diagnostics };
}
