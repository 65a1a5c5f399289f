import type { Address } from "./address.ts";
import type { Connection } from "./connection.ts";
import type { ImageFacts, MachineId, MachineState } from "./machine.ts";

/** A machine as tools that work on many hosts are told of it. */
export interface InventoryHost {
  readonly id: MachineId;
  /** The name it has now, whatever the state says. */
  readonly name: string;
  readonly state: MachineState;
  readonly image: ImageFacts;
  readonly connection: Connection;
  /** Where it stands in the stack; absent for machines outside of it. */
  readonly address?: Address;
  readonly labels: { readonly [key: string]: string };
  /** Every group it is in (see `hostGroups`), sorted, each an identifier of letters, digits and `_`. */
  readonly groups: readonly string[];
}

/** The hosts of a stack, or all that OrbStack has, sorted by name. */
export interface Inventory {
  /** The stack they are of; absent where all were asked for and no state spoke of any. */
  readonly stack?: string;
  readonly hosts: readonly InventoryHost[];
}

/** What a host's groups follow from. */
export interface GroupSource {
  readonly state: string;
  readonly image: Pick<ImageFacts, "arch" | "distro">;
  /** The stack's own `groups`. */
  readonly groups: readonly string[];
  readonly labels: { readonly [key: string]: string };
}

/**
 * The groups of a host: those that pyinfra's OrbStack connector made, `orbstack`, by state (`orbstack_running`), by
 * architecture (`orbstack_arm64`) and by distribution (`orbstack_ubuntu`), then the stack's own `groups`, and every
 * label as `KEY_VALUE` (`team_web`). What can't stand in the name of an Ansible group becomes `_`.
 */
export function hostGroups({ state, image, groups, labels }: GroupSource): readonly string[] {
  const facts = [state, image.arch, image.distro].filter((word) => word !== "").map((word) => `orbstack_${word}`);
  const own = [...groups, ...Object.entries(labels).map(([key, value]) => `${key}_${value}`)];
  return [...new Set(["orbstack", ...facts, ...own].map(groupName))].toSorted();
}

/** What Ansible means by these is not the stack's to say. */
const RESERVED: ReadonlySet<string> = new Set(["all", "ungrouped"]);

/** A word as the name of a group: letters, digits and `_`, no digit first, and one `_` at most (pyinfra skips others). */
function groupName(word: string): string {
  const name = word.replaceAll(/[^A-Za-z0-9_]/gu, "_").replace(/^(?:_+|(?=\d)|$)/, "_");
  return RESERVED.has(name) ? `${name}_` : name;
}

/** The hosts of every group, groups and hosts sorted by name. */
export function hostsByGroup({ hosts }: Inventory): ReadonlyMap<string, readonly InventoryHost[]> {
  const groups = new Map<string, InventoryHost[]>();
  for (const host of hosts) {
    for (const name of host.groups) {
      const members = groups.get(name) ?? [];
      members.push(host);
      groups.set(name, members);
    }
  }
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
