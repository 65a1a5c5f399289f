import type { Address } from "./address.ts";
import { isInsideResource, type InsideResource, type ResourceState } from "./snapshot.ts";

/** A resource in state with the addresses that it names as they are called now; itself where all are called so already. */
export function renamedReferences(resource: ResourceState, now: (address: Address) => Address): ResourceState {
  if (resource.dependencies.every((each) => now(each) === each)) return resource;
  const dependencies = resource.dependencies.map(now).toSorted();
  if (resource.type === "archive")
    return { ...resource, dependencies, inputs: { ...resource.inputs, of: now(resource.inputs.of) } };
  return isInsideResource(resource) ? renamedInside(resource, now) : { ...resource, dependencies };
}

function renamedInside(resource: InsideResource, now: (address: Address) => Address): InsideResource {
  const { startedWith, was } = resource;
  return {
    ...resource,
    dependencies: resource.dependencies.map(now).toSorted(),
    on: now(resource.on),
    ...(startedWith !== undefined && { startedWith: renamedKeys(startedWith, now) }),
    ...(was !== undefined && { was: renamedInside(was, now) }),
  };
}

function renamedKeys(
  record: { readonly [address: Address]: number },
  now: (address: Address) => Address,
): { readonly [address: Address]: number } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [now(key as Address), value]));
}
