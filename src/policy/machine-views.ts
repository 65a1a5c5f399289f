import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { PolicyMachine } from "../model/policy-view.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { Judged } from "./judged.ts";
import {
  isIgnored,
  machineAt,
  natureAfter,
  natureBefore,
  presentOf,
  worldOf,
  type Nature,
  type World,
} from "./nature.ts";

/** Machines as policies see them. */
export interface MachineViews {
  /** As it is, by an address of the state; `undefined` where none is there. */
  before(address: Address): PolicyMachine | undefined;
  /** Every machine of the stack as it will be. Sorted by address. */
  readonly after: ReadonlyMap<Address, PolicyMachine>;
}

/** Views of the machines of a plan. */
export function machineViews(judged: Judged): MachineViews {
  const world = worldOf(judged);
  const machines = judged.desired.resources.filter((each) => each.type === "machine");
  const sorted = machines.toSorted((left, right) => (left.address < right.address ? -1 : 1));
  return {
    before: (address) => viewBefore(world, address),
    after: new Map(sorted.map((each) => [each.address, viewAfter(world, each)])),
  };
}

function viewAfter(world: World, desired: DesiredMachine): PolicyMachine {
  const present = presentOf(world, desired);
  const name = present !== undefined && isIgnored(desired, "name") ? present.facts.name : desired.name;
  return view(natureAfter(world, desired), {
    address: desired.address,
    name,
    madeFrom: MADE_FROM[desired.origin.kind],
    power: desired.power,
    default: desired.default,
    labels: desired.labels,
    groups: desired.groups,
    preventDestroy: desired.lifecycle.preventDestroy,
  });
}

function viewBefore(world: World, address: Address): PolicyMachine | undefined {
  const state = machineAt(world, address);
  if (state === undefined) return undefined;
  const { inputs, lifecycle } = state;
  const facts = state.id === undefined ? undefined : world.liveById.get(state.id);
  const kind = inputs.origin["kind"];
  return view(natureBefore(state, facts), {
    address,
    name: facts?.name ?? state.name,
    madeFrom: kind === "clone" || kind === "image" ? kind : "archive",
    power: inputs.power === "stopped" || inputs.power === "any" ? inputs.power : "running",
    default: inputs.default,
    labels: inputs.labels,
    groups: inputs.groups,
    preventDestroy: lifecycle.preventDestroy,
  });
}

const MADE_FROM = { image: "image", clone: "clone", restore: "archive" } as const;

type Marks = Pick<
  PolicyMachine,
  "address" | "name" | "madeFrom" | "power" | "default" | "labels" | "groups" | "preventDestroy"
>;

function view({ image, arch, settings }: Nature, marks: Marks): PolicyMachine {
  const { cpus, memoryMiB, diskBytes, user, isolated, isolateNetwork, forwardSshAgent, mounts } = settings;
  return {
    ...marks,
    image,
    arch,
    cpus: limit(cpus),
    memoryMiB: limit(memoryMiB),
    diskMiB: limit(diskBytes, BYTES_PER_MIB),
    user: typeof user === "string" ? user : undefined,
    isolated: truth(isolated),
    network: typeof isolateNetwork === "boolean" ? !isolateNetwork : undefined,
    forwardSshAgent: truth(forwardSshAgent),
    mounts: Array.isArray(mounts) ? mounts.map(String) : undefined,
  };
}

const BYTES_PER_MIB = 1024 * 1024;

function limit(amount: Json | undefined, unit = 1): number | undefined {
  if (typeof amount !== "number") return undefined;
  return amount === 0 ? Infinity : amount / unit;
}

function truth(value: Json | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
