import type { Address } from "./address.ts";
import { isInsideResource, type ResourceState } from "./snapshot.ts";

/** A resource in state with the addresses that it names as they are called now; itself where all are called so already. */
export function renamedReferences(resource: ResourceState, now: (address: Address) => Address): ResourceState {
  if (resource.dependencies.every((each) => now(each) === each)) return resource;
  const dependencies = resource.dependencies.map(now).toSorted();
  if (resource.type === "archive")
    return { ...resource, dependencies, inputs: { ...resource.inputs, of: now(resource.inputs.of) } };
  if (!isInsideResource(resource)) return { ...resource, dependencies };
  const { startedWith } = resource;
  return {
    ...resource,
    dependencies,
    on: now(resource.on),
    ...(startedWith !== undefined && { startedWith: renamedKeys(startedWith, now) }),
  };
}

function renamedKeys(
  record: { readonly [address: Address]: number },
  now: (address: Address) => Address,
): { readonly [address: Address]: number } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [now(key as Address), value]));
}
