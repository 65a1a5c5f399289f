import type { Plan } from "../model/plan.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** Whether all that keeps a plan from being applied is a machine of a dead run that may still appear: time mends it. */
export function awaitsMachine(plan: Plan, prior: Snapshot): boolean {
  const errors = plan.diagnostics.filter((each) => each.severity === "error");
  return (
    errors.length > 0 &&
    errors.every((each) => each.code === "ORB_MACHINE_IN_TRANSITION" && isPending(prior, each.address))
  );
}

function isPending(prior: Snapshot, address: string | undefined): boolean {
  const [, state] = Object.entries(prior.resources).find(([each]) => each === address) ?? [];
  return state?.type === "machine" && state.pending !== undefined;
}
