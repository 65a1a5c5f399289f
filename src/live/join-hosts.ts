import { parseAddress, type Address } from "../model/address.ts";
import { hostGroups, type InventoryHost } from "../model/inventory.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";

/** A host that is not known yet how to reach, and the machine it is. */
export interface JoinedHost extends Omit<InventoryHost, "connection"> {
  readonly machine: MachineFacts;
}

/** The hosts, and a sentence for each machine of the state that is none. */
export interface Joined {
  readonly hosts: readonly JoinedHost[];
  readonly missing: readonly string[];
}

/**
 * Joins what exists with the state, by id. With `all`, or without a state, machines outside the stack are hosts too; they
 * have no address, no labels and only the groups that every machine has.
 */
export function joinHosts(machines: readonly MachineFacts[], prior: Snapshot | undefined, all: boolean): Joined {
  const recorded = recordedByAddress(prior);
  const byId = new Map(
    recorded.flatMap(([address, machine]) => (machine.id ? [[machine.id, { address, machine }]] : [])),
  );
  const hosts = machines.flatMap((machine) => {
    const known = byId.get(machine.id);
    if (known === undefined && !all && prior !== undefined) return [];
    return [hostOf(machine, known)];
  });
  const seen = new Set(machines.map(({ id }) => id));
  const missing = recorded
    .filter(([, { id }]) => id === undefined || !seen.has(id))
    .map(([at, each]) => absent(at, each));
  return { hosts: hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1)), missing };
}

function recordedByAddress(prior: Snapshot | undefined): readonly (readonly [Address, MachineResource])[] {
  return Object.entries(prior?.resources ?? {}).flatMap(([word, resource]) => {
    const address = parseAddress(word);
    return address !== undefined && resource.type === "machine" ? [[address, resource] as const] : [];
  });
}

interface Known {
  readonly address: Address;
  readonly machine: MachineResource;
}

function hostOf(machine: MachineFacts, known: Known | undefined): JoinedHost {
  const { id, name, state, image } = machine;
  const labels = known?.machine.inputs.labels ?? {};
  const groups = hostGroups({ state, image, groups: known?.machine.inputs.groups ?? [], labels });
  return { id, name, state, image, labels, groups, machine, ...(known && { address: known.address }) };
}

function absent(address: Address, { id, name }: MachineResource): string {
  const why = id === undefined ? "is not made yet" : "is in the state but not in OrbStack";
  return `Note: ${address} (machine "${name}") ${why}: the inventory lacks it.`;
}
