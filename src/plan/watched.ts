import { addressesIn } from "../model/address.ts";
import { NO_DIGEST } from "../model/inside-looked.ts";
import { machineId } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { PlanFacts } from "./plan-facts.ts";
import type { SavedPlan } from "./saved-plan.ts";
import type { Touched } from "./touched.ts";

/** What has to be looked at again before a plan is carried out, of what the stack declares. */
export function watchedIn(
  plan: Plan,
  { own, read }: Touched,
  { resources, existing }: DesiredState,
): SavedPlan["watched"] {
  const declared = new Map(resources.map((each) => [each.address, each]));
  const watched = [...own, ...read].toSorted().flatMap((address): readonly DesiredResource[] => {
    const resource = plan.settled[address] ?? declared.get(address);
    if (resource === undefined || (read.has(address) && isDesiredInside(resource))) return [];
    return [isDesiredInside(resource) ? concealed(resource) : resource];
  });
  return { resources: watched, existing };
}

/** Where a file is and what rights it has is looked at, and its digest; for that, what it is to hold is not needed. */
function concealed(resource: DesiredInside): DesiredInside {
  if (resource.type !== "file") return resource;
  const { content: _content, source: _source, ...properties } = resource.properties;
  return { ...resource, properties: { ...properties, digest: properties["digest"] ?? NO_DIGEST } };
}

/** The part of a stack that is looked at again. */
export function desiredIn({ plan, watched }: SavedPlan): DesiredState {
  const { stack, env, outputs } = plan;
  return { stack, ...(env !== undefined && { env }), ...watched, outputs };
}

/** The part of state that is looked at again. */
export function priorIn(prior: Snapshot, { own, read }: Touched): Snapshot {
  const kept = addressesIn(prior.resources).filter((address) => own.has(address) || read.has(address));
  const resources = kept.flatMap((address) => {
    const state = prior.resources[address];
    return state === undefined ? [] : [[address, state] as const];
  });
  return { ...prior, resources: Object.fromEntries(resources) };
}

/** What a plan rests on, with everything that was looked at when it was made. */
export function withPlanned(touched: Touched, { states, machines, names, settings }: PlanFacts): Touched {
  const seen = Object.entries(machines).map(([id, machine]) => [machineId(id), machine] as const);
  const idsWith = (key: "boot" | "addresses") => seen.filter(([, each]) => each?.[key] !== undefined).map(([id]) => id);
  return {
    ...touched,
    read: new Set([...touched.read, ...addressesIn(states).filter((each) => !touched.own.has(each))]),
    worked: new Set([...touched.worked, ...idsWith("boot")]),
    addressed: new Set([...touched.addressed, ...idsWith("addresses")]),
    machines: new Set([...touched.machines, ...Object.keys(machines).map(machineId)]),
    names: new Set([...touched.names, ...Object.keys(names)]),
    settings: new Set([...touched.settings, ...Object.keys(settings)]),
  };
}
