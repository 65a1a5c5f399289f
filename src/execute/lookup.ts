import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { MachineDetails } from "../model/machine.ts";
import type { MachineResource, ResourceState } from "../model/snapshot.ts";
import { refsIn, type Lookup, type RefValue, type Value } from "../model/value.ts";

/** What only a closer look at a machine tells, and what changes with every start. */
const VOLATILE: ReadonlySet<string> = new Set(["ip4", "ip6", "diskBytes"]);

/** Gives the state of a resource as it is now, or `undefined`. */
export type StateOf = (address: Address) => ResourceState | undefined;

/** The machines that must be looked at before the values can be resolved; each once. */
export function lookedAt(values: readonly (Value | undefined)[]): readonly Address[] {
  const volatile = values.flatMap(refsIn).filter((ref) => VOLATILE.has(ref.property));
  return [...new Set(volatile.map((ref) => ref.address))];
}

/** Resolves references against state, and against `details` for what state does not keep. */
export function lookupIn(stateOf: StateOf, details: ReadonlyMap<Address, MachineDetails>): Lookup {
  return (ref) => {
    const state = stateOf(ref.address);
    if (state === undefined) return undefined;
    return state.type === "machine"
      ? machineProperty(state, ref, details.get(ref.address))
      : settingProperty(state, ref);
  };
}

function machineProperty(
  state: MachineResource,
  { property }: RefValue,
  details: MachineDetails | undefined,
): Json | undefined {
  switch (property) {
    case "id":
      return state.id;
    case "name":
      return state.name;
    case "hostname":
      return `${state.name}.orb.local`;
    case "ssh":
      return `${state.name}@orb`;
    case "ip4":
      return details?.ip4;
    case "ip6":
      return details?.ip6;
    case "diskBytes":
      return details?.diskUsedBytes;
    case "image":
      return [state.seen.image.distro, state.seen.image.version].filter((word) => word !== "").join(":");
    case "arch":
      return state.seen.image.arch;
    case "user":
      return state.seen.settings.user;
    default:
      return undefined;
  }
}

function settingProperty(state: Extract<ResourceState, { type: "setting" }>, { property }: RefValue): Json | undefined {
  if (property === "value") return state.inputs.value;
  return property === "key" ? state.inputs.key : undefined;
}
