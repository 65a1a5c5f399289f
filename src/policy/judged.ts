import type { LiveState } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** A plan that policies are asked about, and the worlds it was made from. */
export interface Judged {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly prior: Snapshot;
  readonly live: LiveState;
}
