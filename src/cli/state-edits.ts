import type { Address } from "../model/address.ts";
import { addressParts } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import { renamedReferences } from "../model/renamed.ts";
import type { MachineResource, ResourceState, Snapshot } from "../model/snapshot.ts";
import { unknownAddress } from "./show-snapshot.ts";

type Resources = { readonly [address: Address]: ResourceState };

/** Moves a resource to another address; those that depend on it follow. Errors: `ORB_ADDRESS_UNKNOWN`, `ORB_DUPLICATE_KEY`. */
export function moveResource(snapshot: Snapshot, from: Address, to: Address): Snapshot {
  const moved = found(snapshot, from);
  if (snapshot.resources[to] !== undefined) throw occupied(to);
  if (addressParts(from).type !== addressParts(to).type) throw otherType(from, to);
  const resources: Resources = { ...without(snapshot.resources, from), [to]: moved };
  const now = (address: Address): Address => (address === from ? to : address);
  const entries = Object.entries(resources).map(([address, each]) => [address, renamedReferences(each, now)]);
  return { ...snapshot, resources: Object.fromEntries(entries) };
}

/** Takes a resource out of the state; the machine itself stays as it is. Error: `ORB_ADDRESS_UNKNOWN`. */
export function removeResource(snapshot: Snapshot, address: Address): Snapshot {
  found(snapshot, address);
  const resources = Object.fromEntries(
    Object.entries(without(snapshot.resources, address)).map(([each, state]) => [each, independent(state, address)]),
  );
  return { ...snapshot, resources };
}

/** Says of a machine that it is ready, or that it never became so: then the next apply replaces it. Error: `ORB_ADDRESS_UNKNOWN`. */
export function markResource(snapshot: Snapshot, address: Address, as: "ready" | "failed"): Snapshot {
  const resource = found(snapshot, address);
  if (resource.type !== "machine") throw notAMachine(address);
  const { unready: _unready, ...rest } = resource;
  const unready = { reason: "failed", detail: "marked by hand", byHand: true } as const;
  const marked: MachineResource =
    as === "ready" ? { ...rest, status: "ready" } : { ...rest, status: "unready", unready };
  return { ...snapshot, resources: { ...snapshot.resources, [address]: revised(marked) } };
}

function found(snapshot: Snapshot, address: Address): ResourceState {
  const resource = snapshot.resources[address];
  if (resource === undefined) throw unknownAddress(address);
  return resource;
}

function without(resources: Resources, address: Address): Resources {
  return Object.fromEntries(Object.entries(resources).filter(([each]) => each !== address));
}

function independent<T extends ResourceState>(resource: T, gone: Address): T {
  return { ...resource, dependencies: resource.dependencies.filter((each) => each !== gone) };
}

function revised<T extends ResourceState>(resource: T): T {
  return { ...resource, revision: resource.revision + 1 };
}

function occupied(address: Address): OrbformError {
  return new OrbformError("ORB_DUPLICATE_KEY", {
    summary: "The new address is taken",
    detail: `There is already something in the state at ${address}. The state was not changed.`,
    hint: `Run \`orb state show ${address}\` to see what it is.`,
  });
}

function otherType(from: Address, to: Address): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "The addresses are of different types",
    detail: `${from} can't become ${to}: a move keeps the type. The state was not changed.`,
    hint: `Write an address that begins with ${addressParts(from).type}.`,
  });
}

function notAMachine(address: Address): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "Only machines can be marked",
    detail: `${address} is no machine: only machines become ready.`,
    hint: "Run `orb state list` to see the machines in the state.",
  });
}
