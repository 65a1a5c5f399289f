import type { Address } from "../model/address.ts";
import { archiveProperty } from "../model/archive.ts";
import type { Json } from "../model/json.ts";
import type { MachineDetails } from "../model/machine.ts";
import type { MachineResource, ResourceState } from "../model/snapshot.ts";
import { refsIn, type Lookup, type RefValue, type Value } from "../model/value.ts";
import { idOf, type Run } from "./run.ts";

/** What only a closer look at a machine tells, and what changes with every start. */
const VOLATILE: ReadonlySet<string> = new Set(["ip4", "ip6", "diskBytes"]);

/** Gives the state of a resource as it is now, or `undefined`. */
export type StateOf = (address: Address) => ResourceState | undefined;

/** What references stand for now; machines whose addresses are asked for are looked at, each once. */
export async function lookUp(run: Run, values: readonly (Value | undefined)[]): Promise<Lookup> {
  const details = new Map<Address, MachineDetails>();
  for (const address of lookedAt(values)) {
    const id = idOf(run, { address, id: null });
    const machine = id && (await run.ports.driver.inspect({ id }, { settings: false }));
    if (machine) details.set(address, machine);
  }
  return lookupIn((address) => asPlanned(run, address), details);
}

/** A replacement made first stands under a temporary name while others are made that refer to it. */
function asPlanned(run: Run, address: Address): ResourceState | undefined {
  const state = run.recorder.get(address);
  const name = run.shape.finalNames.get(address);
  return state?.type === "machine" && name !== undefined ? { ...state, name } : state;
}

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
    if (state.type === "machine") return machineProperty(state, ref, details.get(ref.address));
    if (state.type === "archive") return archiveProperty(state.made, ref.property);
    return state.type === "setting" ? settingProperty(state, ref) : insideProperty(state.inputs, ref.property);
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

/** What was asked is what it is. */
function insideProperty(inputs: object, property: string): Json | undefined {
  const found = Object.entries(inputs).find(([key]) => key === property);
  return found?.[1];
}

function settingProperty(state: Extract<ResourceState, { type: "setting" }>, { property }: RefValue): Json | undefined {
  if (property === "value") return state.inputs.value;
  return property === "key" ? state.inputs.key : undefined;
}
