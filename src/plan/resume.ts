import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Plan } from "../model/plan.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { PlanOptions } from "./plan-input.ts";
import type { SavedPlan } from "./saved-plan.ts";
import type { Difference } from "./stale.ts";
import type { Touched } from "./touched.ts";

/** What of an approved plan may be left after a run that died over it. */
export interface Left {
  /** Actions that had ended well. */
  readonly done: ReadonlySet<string>;
  /** Ids of the machines that there were before that run. */
  readonly known: ReadonlySet<string>;
}

/** What is asked of the planner so that it plans what is left; `undefined`: nothing of it is there any more. */
export function requestLeft(
  { request, plan }: SavedPlan,
  { own }: Touched,
  { prior, declared, left }: { readonly prior: Snapshot; readonly declared: ReadonlySet<Address>; readonly left: Left },
): PlanOptions | undefined {
  const targets = [...own].filter((each) => declared.has(each) || prior.resources[each] !== undefined).toSorted();
  if (targets.length === 0) return undefined;
  const doomed = new Set(plan.actions.flatMap(doomedBy));
  const isReplaced = (address: Address): boolean => {
    const state = prior.resources[address];
    if (state?.type !== "machine")
      return plan.actions.some((each) => each.address === address && left.done.has(each.id));
    // Its successor is there, or may be: it was announced.
    return state.id === undefined || state.pending !== undefined || !doomed.has(state.id);
  };
  const isAdopted = (each: PlanOptions["adopt"][number]): boolean =>
    prior.resources[typeof each === "string" ? each : each.address] !== undefined;
  return {
    ...request,
    targets,
    excludes: [],
    replace: request.replace.filter((each) => !isReplaced(each)),
    adopt: request.adopt.filter((each) => !isAdopted(each)),
  };
}

/** What is planned now and was not approved: nothing may be made or deleted, and no address touched, beyond that. */
export function beyondApproved(
  approved: Plan,
  present: Plan,
  { own, left }: Pick<Touched, "own"> & { readonly left: Left },
): readonly Difference[] {
  const making = new Set(approved.actions.filter(isMaking).map(({ address }) => address));
  const doomed = new Set(approved.actions.flatMap(doomedBy));
  return present.actions.flatMap((action): readonly Difference[] => {
    const subject = action.address;
    if (!own.has(subject)) return [{ subject, what: `would have to be changed too (${action.kind})` }];
    if (isMaking(action) && !making.has(subject))
      return [{ subject, what: "would have to be made, and was not to be" }];
    // What the run that died made itself may go again.
    const stranger = doomedBy(action).find((id) => !doomed.has(id) && left.known.has(id));
    return stranger === undefined ? [] : [{ subject, what: "would have to be deleted, and was not to be" }];
  });
}

function isMaking({ kind }: Action): boolean {
  return kind === "create" || kind === "clone" || kind === "restore";
}

function doomedBy(action: Action): readonly string[] {
  return action.kind === "delete" && action.target.id !== null ? [action.target.id] : [];
}
