import type { Address } from "../model/address.ts";
import { archiveInputs } from "../model/archive-inputs.ts";
import { settledInside } from "../model/inside-kept.ts";
import { insideWish } from "../model/inside-wish.ts";
import { isDesiredInside, type DesiredResource } from "../model/resource.ts";
import { isInsideResource, type ResourceState } from "../model/snapshot.ts";
import { resolveValue, type Lookup } from "../model/value.ts";
import { askedWith, valuesOf } from "./asked.ts";
import type { Run } from "./run.ts";
import type { Step } from "./step.ts";
import { settledMachine } from "./transition.ts";

/** The state of a resource for which everything planned is done: what the stack asks of it is what it is. */
export async function settleResource(step: Step, state: ResourceState | undefined): Promise<ResourceState | undefined> {
  const settled = step.run.plan.settled[step.action.address];
  if (settled === undefined || state === undefined) return state;
  const lookup = await step.lookup(valuesOf(settled));
  return settledWith(step.run, { state, settled, lookup });
}

interface Settling {
  readonly state: ResourceState;
  readonly settled: DesiredResource;
  readonly lookup: Lookup;
}

/** The same with references looked up already. */
export function settledWith(run: Run, { state, settled, lookup }: Settling): ResourceState {
  if (state.type === "machine" && settled.type === "machine") {
    return settledMachine(state, askedWith(run, settled, lookup));
  }
  if (isInsideResource(state) && isDesiredInside(settled)) {
    return settledInside(state, settled, insideWish(settled, lookup, run.ports.hashText));
  }
  if (state.type === "archive" && settled.type === "archive") {
    const { lifecycle, dependencies, triggers } = settled;
    const known = triggers === undefined ? undefined : resolveValue(triggers, lookup);
    return { ...state, lifecycle, dependencies, inputs: archiveInputs(settled, known, state.inputs) };
  }
  if (state.type !== "setting" || settled.type !== "setting") return state;
  const { lifecycle, dependencies, onRemove, key } = settled;
  const value = resolveValue(settled.value, lookup) ?? state.inputs.value;
  return { ...state, lifecycle, dependencies, inputs: { key, value, onRemove } };
}

/** Addresses that are settled though nothing is done for them: only labels, lifecycle or what state knows changes. */
export function settledAlone(run: Run): readonly Address[] {
  return addressesOf(run.plan.settled).filter((address) => !run.shape.left.has(address));
}

/** Addresses of a record, which are what its keys are. */
export function addressesOf(record: { readonly [address: Address]: unknown }): readonly Address[] {
  return Object.keys(record) as Address[];
}
