import type { ActionId } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import type { Place } from "../model/place.ts";
import type { PolicyReport } from "../model/policy.ts";
import type { Ended } from "./count-applied.ts";
import type { ApplyCounts } from "./plan-summary.ts";

/** A plan, and how it was carried out where it was: everything a report is made of. */
export interface Review {
  /** As it is shown: what was targeted, and that all is gone, is among its diagnostics. */
  readonly plan: Plan;
  /** What `--expect` takes. */
  readonly digest: string;
  readonly notices: readonly string[];
  readonly policy: PolicyReport;
  /** Version of Orbform. */
  readonly version: string;
  /** The commit it was made of, where that is known. */
  readonly commit?: string;
  /** Where the whole report can be read, for those that are cut. */
  readonly link?: string;
  /** The stack's file, where what has no place of its own is shown. */
  readonly file?: string;
  /** Where resources of the stack are written, by address. */
  readonly places?: { readonly [address: string]: Place };
  /** Absent: it was not carried out. */
  readonly applied?: AppliedReview;
}

/** How a plan was carried out. */
export interface AppliedReview {
  readonly operation: "apply" | "destroy";
  readonly counts: ApplyCounts;
  /** One for each action of the plan. */
  readonly results: ReadonlyMap<ActionId, Ended>;
  readonly interrupted: boolean;
}
