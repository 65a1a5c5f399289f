/** Who else speaks, in a state, of the very things that a plan adopts or takes away. */
import { isInsideAction, type Action } from "../model/action.ts";
import { addressesIn, type Address } from "../model/address.ts";
import { identityOf } from "../model/inside-kept.ts";
import type { Plan } from "../model/plan.ts";
import { isInsideResource, type InsideResource, type ResourceState, type Snapshot } from "../model/snapshot.ts";
import { wordsIn } from "../model/value.ts";

/**
 * Addresses of a state, others than the plan's own, that have a machine which the plan adopts, or ask for what it takes
 * away. There are some where a part of a stack was applied; one that comes later knows nothing of the plan, nor it of that.
 */
export function rivalsOf(plan: Plan, own: ReadonlySet<Address>, { resources }: Snapshot): readonly Address[] {
  const things = new Set(plan.actions.flatMap((each) => thingsOf(each, resources[each.address])));
  if (things.size === 0) return [];
  return addressesIn(resources).filter((address) => {
    const state = resources[address];
    return !own.has(address) && state !== undefined && thingsIn(state).some((each) => things.has(each));
  });
}

/** What an action adopts or takes away. */
function thingsOf(action: Action, state: ResourceState | undefined): readonly string[] {
  if (action.kind === "adopt") return action.target.id === null ? [] : [`machine ${action.target.id}`];
  if (!("subject" in action)) return [];
  if (action.subject === "setting") return action.kind === "remove" ? [`setting ${action.key}`] : [];
  if (!isInsideAction(action) || !isInsideResource(state)) return [];
  const gone = wordsIn(action.properties["remove"]);
  if (action.subject === "packages") return gone.map((name) => `${state.machine} package ${name}`);
  return action.kind === "remove" ? insideThings(state) : [];
}

function thingsIn(state: ResourceState): readonly string[] {
  if (state.type === "machine")
    return [state.id ?? [], ...(state.deposed ?? []).map(({ id }) => id)].flat().map((id) => `machine ${id}`);
  if (state.type === "setting") return [`setting ${state.inputs.key}`];
  if (!isInsideResource(state)) return [];
  // Also who found a package there relies on it.
  if (state.inputs.type === "packages")
    return Object.keys(state.inputs.install).map((name) => `${state.machine} package ${name}`);
  return insideThings(state);
}

function insideThings({ machine, inputs }: InsideResource): readonly string[] {
  const name = identityOf(inputs);
  return name === "" ? [] : [`${machine} ${inputs.type} ${name}`];
}
