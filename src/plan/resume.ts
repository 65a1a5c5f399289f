import { isInsideAction, isMaking, type Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { InsideFacts } from "../model/inside.ts";
import type { LiveState } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { PlanOptions } from "./plan-input.ts";
import type { SavedPlan } from "./saved-plan.ts";
import type { Difference } from "./stale.ts";
import type { Touched } from "./touched.ts";

/** What runs that died over an approved plan have come to. */
export interface Left {
  /** Actions that had ended well. */
  readonly done: ReadonlySet<string>;
  /** Addresses at which something was begun. */
  readonly begun: ReadonlySet<string>;
}

/** What there is when a plan is taken up again. */
interface Now {
  readonly prior: Snapshot;
  readonly declared: ReadonlySet<Address>;
  readonly left: Left;
}

/** What is asked of the planner so that it plans what is left; `undefined`: nothing of it is there any more. */
export function requestLeft({ request, plan }: SavedPlan, { own }: Touched, now: Now): PlanOptions | undefined {
  const { prior, declared, left } = now;
  // What has moved is asked for where it is now.
  const former = new Set(
    plan.changes.flatMap(({ address, previousAddress }) => (declared.has(address) ? (previousAddress ?? []) : [])),
  );
  const isThere = (each: Address): boolean =>
    !former.has(each) && (prior.resources[each] !== undefined || (request.mode !== "destroy" && declared.has(each)));
  const targets = [...own].filter(isThere).toSorted();
  if (targets.length === 0) return undefined;
  const doomed = new Set(plan.actions.flatMap(doomedBy));
  const isReplaced = (address: Address): boolean => {
    const state = prior.resources[address];
    if (state?.type !== "machine")
      return plan.actions.some((each) => each.address === address && left.done.has(each.id));
    // Its successor is there, or may be: it was announced.
    return state.id === undefined || state.pending !== undefined || !doomed.has(state.id);
  };
  const adopted = new Set(plan.actions.flatMap(adoptedBy));
  const isAdopted = (each: PlanOptions["adopt"][number]): boolean => {
    const state = prior.resources[typeof each === "string" ? each : each.address];
    return state?.type === "machine" && state.id !== undefined && adopted.has(state.id);
  };
  return {
    ...request,
    targets,
    excludes: [],
    replace: request.replace.filter((each) => !isReplaced(each)),
    adopt: request.adopt.filter((each) => !isAdopted(each)),
  };
}

/**
 * What is planned now and was not approved: nothing may be made, adopted or deleted, and no address touched, beyond that; and
 * nothing may be done in another way but where a machine is made, which comes with all that it takes. What these runs made is
 * not deleted either: by now somebody may have worked in it.
 */
export function beyondApproved(approved: Plan, present: Plan): readonly Difference[] {
  const making = new Set(approved.actions.filter(isMaking).map(({ address }) => address));
  const kinds = new Set(approved.actions.map(({ address, kind }) => `${address} ${kind}`));
  const adopted = new Set(approved.actions.flatMap(adoptedBy));
  const doomed = new Set(approved.actions.flatMap(doomedBy));
  const isLetGo = ({ address, kind }: Action): boolean =>
    // What was to be taken away is gone: only the state is to hear of it.
    kind === "forget" && (kinds.has(`${address} delete`) || kinds.has(`${address} remove`));
  return present.actions.flatMap((action): readonly Difference[] => {
    const { address, kind } = action;
    const about = { subject: address, address };
    if (adoptedBy(action).some((id) => !adopted.has(id)))
      return [{ ...about, what: "would have to be another machine" }];
    if (doomedBy(action).some((id) => !doomed.has(id)))
      return [{ ...about, what: "would have to be deleted, and was not to be" }];
    if (isOverTheirs(action, approved, present)) return [{ ...about, what: "was changed inside its machine: content" }];
    const isPart = kinds.has(`${address} ${kind}`) || (making.has(address) && !isMaking(action)) || isLetGo(action);
    return isPart ? [] : [{ ...about, what: `would need what was not approved: ${kind}` }];
  });
}

/**
 * Machines that were to be deleted, are still there, and would be left: what was to take their place is not what it was, so
 * nobody can say any more that the plan was carried out.
 */
export function leftStanding(approved: Plan, present: Plan, { live, left }: Standing): readonly Difference[] {
  const there = new Set<string>(live.machines.map(({ id }) => id));
  const doomed = new Set(present.actions.flatMap(doomedBy));
  return approved.actions
    .filter(({ id, address }) => left.begun.has(address) && !left.done.has(id))
    .filter((each) => doomedBy(each).some((id) => there.has(id) && !doomed.has(id)))
    .map(({ address }) => ({ subject: address, address, what: "was to be deleted, and would be left" }));
}

interface Standing {
  readonly live: Pick<LiveState, "machines">;
  readonly left: Left;
}

/** Whether every machine in state that is gone is one that these runs were to delete: nobody has reset OrbStack. */
export function isAllTakenAway(approved: Plan, { resources }: Snapshot, { begun }: Left): boolean {
  const doomed = new Set(approved.actions.filter(({ address }) => begun.has(address)).flatMap(doomedBy));
  return Object.values(resources).every((each) => each.type !== "machine" || doomed.has(each.id ?? ""));
}

/** Whether a file holds what neither the approved plan saw nor the stack asks for: somebody wrote it since. */
function isOverTheirs(action: Action, approved: Plan, present: Plan): boolean {
  const before = fileBefore(action);
  const same = approved.actions.find(({ address, kind }) => address === action.address && kind === action.kind);
  const seen = same && fileBefore(same);
  if (before === undefined || seen === undefined || before.digest === seen.digest) return false;
  const change = present.changes.find(({ address }) => address === action.address);
  return action.kind === "remove" || change?.attributes.some(({ path }) => path === "content") === true;
}

function fileBefore(action: Action): Extract<InsideFacts, { readonly type: "file" }> | undefined {
  return isInsideAction(action) && action.before?.type === "file" ? action.before : undefined;
}

function doomedBy(action: Action): readonly string[] {
  return action.kind === "delete" && action.target.id !== null ? [action.target.id] : [];
}

function adoptedBy(action: Action): readonly string[] {
  return action.kind === "adopt" && action.target.id !== null ? [action.target.id] : [];
}
