import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import { isInsideResource, type Snapshot } from "../model/snapshot.ts";
import { stateDigest, type PlanFacts } from "./plan-facts.ts";
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
    if (making.has(address) && !isMaking(action)) return [];
    const more = kinds.has(`${address} ${kind}`) ? settingsBeyond(action, approved) : [kind];
    return more.map((each) => ({ ...about, what: `would need what was not approved: ${each}` }));
  });
}

/** Settings that an action changes, and that no approved one of that machine does. */
function settingsBeyond(action: Action, { actions }: Plan): readonly string[] {
  if (action.kind !== "config") return [];
  const same = actions.filter((each) => each.kind === "config" && each.address === action.address);
  const keys = new Set(same.flatMap((each) => (each.kind === "config" ? Object.keys(each.settings) : [])));
  return SETTING_KEYS.filter((key) => key in action.settings && !keys.has(key)).map(
    (key) => `config of ${SETTING_PATHS[key]}`,
  );
}

/** Machines that those runs made, as state has them: they may go again. */
function madeSince({ resources }: Snapshot, { known }: Left): readonly string[] {
  const ids = Object.values(resources).flatMap((state) => {
    if (state.type !== "machine") return [];
    return [state.id ?? [], ...(state.deposed ?? []).map(({ id }) => id)].flat();
  });
  return ids.filter((id) => !known.has(id));
}

/** Of what was not begun: what is not as it was when the plan was made. What was begun is another by our own doing. */
export function differencesLeft(
  differences: readonly Difference[],
  { begun }: Left,
  { resources }: Snapshot,
): readonly Difference[] {
  const isBegun = (address: string): boolean => {
    const [, state] = Object.entries(resources).find(([each]) => each === address) ?? [];
    return begun.has(address) || (isInsideResource(state) && begun.has(state.on));
  };
  return differences.filter(({ address }) => address !== undefined && !isBegun(address));
}

/** The facts of a plan once its run has begun: what was found outside is written down first of all. */
export function factsOnceBegun(
  facts: PlanFacts,
  plan: Plan,
  { present, digest }: { readonly present: PlanFacts; readonly digest: Digest },
): PlanFacts {
  const refreshed = new Map(Object.entries(plan.refreshed));
  const states = Object.entries(facts.states).map(([address, was]) => {
    const is = present.states[address] ?? null;
    const isTakenOver = refreshed.has(address) && stateDigest(refreshed.get(address), digest) === is;
    return [address, isTakenOver ? is : was] as const;
  });
  return { ...facts, states: Object.fromEntries(states) };
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
