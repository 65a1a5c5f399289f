import type { Drift, Plan, PlanSummary } from "../model/plan.ts";

/** What an apply has done, in Terraform's counts. */
export interface ApplyCounts {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly forgotten: number;
  readonly adopted: number;
}

/** Terraform's summary line, to the byte: other tools read it. */
export function summaryLine(summary: PlanSummary): string {
  const adopt = summary.adopt > 0 ? `${summary.adopt} to import, ` : "";
  const forget = summary.forget > 0 ? `, ${summary.forget} to forget` : "";
  return `Plan: ${adopt}${summary.add} to add, ${summary.change} to change, ${summary.destroy} to destroy${forget}.`;
}

/** Terraform's last line of an apply, or of a destroy, to the byte. */
export function completeLine(counts: ApplyCounts, operation: "apply" | "destroy" | "adopt"): string {
  if (operation === "destroy") return `Destroy complete! Resources: ${counts.destroyed} destroyed.`;
  return `Apply complete! Resources: ${doneIn(counts)}.`;
}

function doneIn({ added, changed, destroyed, forgotten, adopted }: ApplyCounts): string {
  const done = `${added} added, ${changed} changed, ${destroyed} destroyed`;
  return `${adopted > 0 ? `${adopted} imported, ` : ""}${done}${forgotten > 0 ? `, ${forgotten} forgotten` : ""}`;
}

/** The same of one that did not get to its end; `ends` counts its actions. */
export function incompleteLine(
  counts: ApplyCounts,
  ends: {
    readonly failed: number;
    readonly skipped: number;
    readonly unknown: number;
    readonly interrupted: boolean;
    readonly operation: "apply" | "destroy" | "adopt";
  },
): string {
  const how = `${ends.operation === "destroy" ? "Destroy" : "Apply"} ${ends.interrupted ? "interrupted" : "incomplete"}`;
  const done = doneIn(counts);
  const not = `${ends.failed} failed, ${ends.skipped} not started, ${ends.unknown} with an unknown outcome`;
  return `${how}. Resources: ${done}; actions: ${not}.`;
}

/** What is said where a plan changes nothing, by its mode. */
export const NO_CHANGES: { readonly [mode in Plan["mode"]]: string } = {
  normal: "Your infrastructure matches the configuration.",
  destroy: "No objects need to be destroyed.",
  "refresh-only": "Nothing was changed outside of Orbform.",
};

/** How much changed outside, as a sentence. */
export function driftLine(plan: Plan): string {
  const { length } = unfoldedDrift(plan);
  return `${length} ${length === 1 ? "resource" : "resources"} changed outside of Orbform.`;
}

/** Drift that is worth telling: what already equals the stack is folded in silently. */
export function unfoldedDrift(plan: Plan): readonly Drift[] {
  return plan.drift.filter((drift) => !drift.folded);
}

/**
 * Whether applying the plan would change anything that a reviewer cares about: exit code 2 of `plan
 * --detailed-exitcode`. Folded drift and recovery alone are not changes; a moved address is.
 */
export function changesAnything(plan: Plan): boolean {
  if (plan.mode === "refresh-only") return unfoldedDrift(plan).length > 0;
  const changed = plan.changes.some((change) => change.action !== "no-op" || change.previousAddress !== undefined);
  return changed || plan.outputChanges.length > 0;
}
