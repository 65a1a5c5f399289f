import type { ActionId } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { ApplyCounts } from "./plan-summary.ts";

/** How one action ended, as far as counting needs it. */
export interface Ended {
  readonly status: "succeeded" | "failed" | "skipped" | "unknown";
  readonly problem?: Diagnostic;
  /** It was to be taken away, and was left there. */
  readonly left?: true;
}

type Results = ReadonlyMap<ActionId, Ended>;

/** How many actions ended badly, and what they said. */
export interface Tally {
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly problems: readonly Diagnostic[];
}

/** Counts how the actions of an apply ended. */
export function tally(results: Results): Tally {
  const all = [...results.values()];
  const count = (status: Ended["status"]): number => all.filter((each) => each.status === status).length;
  return {
    failed: count("failed"),
    skipped: count("skipped"),
    unknown: count("unknown"),
    problems: all.flatMap((each) => each.problem ?? []),
  };
}

const MAKING = new Set(["create", "clone", "restore", "write", "export"]);

/** Counts what an apply has done, in Terraform's terms: a change counts when all of its actions have succeeded. */
export function countApplied(plan: Plan, results: Results): ApplyCounts {
  const kinds = new Map(plan.actions.map((action) => [action.id, action.kind]));
  const counts = { added: 0, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 };
  for (const change of plan.changes) {
    const isDone = change.actions.every((id) => results.get(id)?.status === "succeeded");
    if (change.action === "replace") {
      counts.destroyed += one(deleted(change, kinds, results));
      counts.added += one(isDone || made(change, kinds, results));
    } else if (isDone && change.action !== "no-op") {
      counts[isLeft(change, results) ? "forgotten" : COUNTED[change.action]] += 1;
    }
  }
  return counts;
}

const COUNTED = {
  create: "added",
  update: "changed",
  delete: "destroyed",
  forget: "forgotten",
  adopt: "adopted",
} as const;

/** What was to be destroyed is there, and nobody's of ours. */
function isLeft({ action, actions }: Change, results: Results): boolean {
  return action === "delete" && actions.some((id) => results.get(id)?.left === true);
}

function one(counts: boolean): number {
  return counts ? 1 : 0;
}

function deleted(change: Change, kinds: ReadonlyMap<ActionId, string>, results: Results): boolean {
  const isGone = (id: ActionId): boolean => results.get(id)?.left !== true;
  return succeeded(change, results, (id) => isGone(id) && (kinds.get(id) === "delete" || kinds.get(id) === "remove"));
}

function made(change: Change, kinds: ReadonlyMap<ActionId, string>, results: Results): boolean {
  return succeeded(change, results, (id) => MAKING.has(kinds.get(id) ?? ""));
}

function succeeded(change: Change, results: Results, counts: (id: ActionId) => boolean): boolean {
  return change.actions.some((id) => counts(id) && results.get(id)?.status === "succeeded");
}
