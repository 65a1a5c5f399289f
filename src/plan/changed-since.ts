/** What somebody changed, of what runs of a kept plan had done, since these runs ended. */
import { isMaking, type ActionKind } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { isUnknown, type AttributeChange, type Drift, type Plan } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import type { Left } from "./resume.ts";
import { said, type Difference } from "./stale.ts";

/** A plan that is taken up again: as it was approved, what is planned of it now, and the state that its runs wrote last. */
export interface TakenUp {
  readonly approved: Plan;
  readonly present: Plan;
  readonly prior: Snapshot;
  readonly left: Left;
}

/**
 * Every difference between what runs of the plan left at the addresses they began and what is there now, but for what they
 * can have done themselves: they wrote state last, so what it doesn't have either they began or somebody else did.
 */
export function changedSince(taken: TakenUp): readonly Difference[] {
  const { present, left } = taken;
  const begun = present.drift.filter(({ address, folded }) => !folded && left.begun.has(address));
  return begun.flatMap((drift) => (drift.kind === "changed" ? changed(drift, taken) : gone(drift, taken)));
}

function changed({ address, attributes }: Drift, taken: TakenUp): readonly Difference[] {
  const { approved } = taken;
  const known = [...approved.drift, ...approved.changes].filter((each) => each.address === address);
  const isExplained = (found: AttributeChange): boolean => {
    if (isDone(address, found.path, taken)) return false;
    // A machine stands still on the way.
    return found.path === "power" || known.flatMap((each) => each.attributes).some((each) => isSameEnd(each, found));
  };
  const since = attributes
    .filter((each) => !isExplained(each))
    .map((each) => told(each, taken.prior.resources[address]));
  if (since.length === 0) return [];
  return [{ subject: address, address, what: `was changed since a run of this plan ended: ${since.join(", ")}` }];
}

/** What lies inside machines is nobody's business here. */
function told({ path, before, after }: AttributeChange, state: ResourceState | undefined): string {
  if (state?.type !== "machine" && state?.type !== "setting") return path;
  return `${path} ${said(before)} then, ${said(after)} now`;
}

function isSameEnd(one: AttributeChange, other: AttributeChange): boolean {
  return one.path === other.path && (isUnknown(one.after) || sameJson(one.after, other.after));
}

function gone({ address }: Drift, { approved, prior, left }: TakenUp): readonly Difference[] {
  const state = prior.resources[address];
  const own = approved.actions.filter((each) => each.address === address);
  const isOpen = own.some(({ id }) => !left.done.has(id));
  const isTakenAway = own.some((each) =>
    each.kind === "delete"
      ? state?.type === "machine" && each.target.id === state.id
      : each.kind === "remove" && isOpen,
  );
  // What was in a machine that the plan makes anew went with it, unless it is in the new one already.
  const makesAnew = own.some((each) => "target" in each && isMade(each.target?.address, approved));
  const isExplained = isTakenAway || (makesAnew && isOpen);
  if (isExplained || state === undefined) return [];
  return [{ subject: address, address, what: "was deleted since a run of this plan ended" }];
}

function isMade(machine: Address | undefined, { actions }: Plan): boolean {
  return actions.some((each) => each.address === machine && isMaking(each));
}

/** Whether what the plan does about a property has been done: by an action that is for it, or by all that there are. */
function isDone(address: Address, path: string, { approved, left }: TakenUp): boolean {
  const own = approved.actions.filter((each) => each.address === address);
  const about = own.filter(({ kind }) => isAbout(path, kind));
  const all = about.length > 0 ? about : own;
  return all.length > 0 && all.every(({ id }) => left.done.has(id));
}

/** Whether such an action gives a machine its name, a start or an end, or else its settings. */
function isAbout(path: string, kind: ActionKind): boolean {
  if (path === "name") return kind === "rename";
  if (path !== "power") return kind === "config";
  return kind === "start" || kind === "stop" || kind === "restart" || isMaking({ kind });
}
