import { isInsideAction, type Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { InsideFacts } from "../model/inside.ts";
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
  /** Ids of the machines that there were before the first of those runs. */
  readonly known: ReadonlySet<string>;
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
 * nothing may be done in another way but where a machine is made, which comes with all that it takes.
 */
export function beyondApproved(
  approved: Plan,
  present: Plan,
  { left, prior }: Pick<Now, "left" | "prior">,
): readonly Difference[] {
  const making = new Set(approved.actions.filter(isMaking).map(({ address }) => address));
  const kinds = new Set(approved.actions.map(({ address, kind }) => `${address} ${kind}`));
  const adopted = new Set(approved.actions.flatMap(adoptedBy));
  const doomed = new Set([...approved.actions.flatMap(doomedBy), ...madeSince(prior, left)]);
  return present.actions.flatMap((action): readonly Difference[] => {
    const { address, kind } = action;
    const about = { subject: address, address };
    if (adoptedBy(action).some((id) => !adopted.has(id)))
      return [{ ...about, what: "would have to be another machine" }];
    if (doomedBy(action).some((id) => !doomed.has(id)))
      return [{ ...about, what: "would have to be deleted, and was not to be" }];
    if (isOverTheirs(action, approved, present)) return [{ ...about, what: "was changed inside its machine: content" }];
    const isPart = kinds.has(`${address} ${kind}`) || (making.has(address) && !isMaking(action));
    return isPart ? [] : [{ ...about, what: `would need what was not approved: ${kind}` }];
  });
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

/** Machines that those runs made, as state has them: they may go again. */
function madeSince({ resources }: Snapshot, { known }: Left): readonly string[] {
  const ids = Object.values(resources).flatMap((state) => {
    if (state.type !== "machine") return [];
    return [state.id ?? [], ...(state.deposed ?? []).map(({ id }) => id)].flat();
  });
  return ids.filter((id) => !known.has(id));
}

function isMaking({ kind }: Action): boolean {
  return kind === "create" || kind === "clone" || kind === "restore";
}

function doomedBy(action: Action): readonly string[] {
  return action.kind === "delete" && action.target.id !== null ? [action.target.id] : [];
}

function adoptedBy(action: Action): readonly string[] {
  return action.kind === "adopt" && action.target.id !== null ? [action.target.id] : [];
}
