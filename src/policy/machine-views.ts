import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import {
  nameKey,
  SETTING_DEFAULTS,
  SETTING_KEYS,
  type MachineFacts,
  type MachineSettings,
  type SettingKey,
} from "../model/machine.ts";
import type { Change } from "../model/plan.ts";
import type { PolicyMachine } from "../model/policy-view.ts";
import type { DesiredMachine, DesiredResource, DesiredSettings, MachineReference, Origin } from "../model/resource.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { resolveValue } from "../model/value.ts";
import type { Judged } from "./judged.ts";

/** Machines as policies see them. */
export interface MachineViews {
  /** As it is, by an address of the state; `undefined` where none is there. */
  before(address: Address): PolicyMachine | undefined;
  /** Every machine of the stack as it will be. Sorted by address. */
  readonly after: ReadonlyMap<Address, PolicyMachine>;
}

/** Settings as far as they are known. */
type Settings = { readonly [K in SettingKey]?: Json | undefined };

/** Everything but what a machine is called and how it is marked: what a clone takes over. */
type Nature = Pick<PolicyMachine, "image" | "arch"> & { readonly settings: Settings };

interface World extends Judged {
  readonly byAddress: ReadonlyMap<string, DesiredResource>;
  readonly changes: ReadonlyMap<string, Change>;
  readonly liveById: ReadonlyMap<string, MachineFacts>;
  readonly liveByName: ReadonlyMap<string, MachineFacts>;
  readonly natures: Map<string, Nature>;
}

/** Views of the machines of a plan. */
export function machineViews(judged: Judged): MachineViews {
  const { desired, plan, live } = judged;
  const world: World = {
    ...judged,
    byAddress: new Map(desired.resources.map((each) => [each.address, each])),
    changes: new Map(plan.changes.map((each) => [each.address, each])),
    liveById: new Map(live.machines.map((each) => [each.id, each])),
    liveByName: new Map(live.machines.map((each) => [nameKey(each.name), each])),
    natures: new Map(),
  };
  const machines = desired.resources.filter((each) => each.type === "machine");
  return {
    before: (address) => viewBefore(world, address),
    after: new Map(machines.map((each) => [each.address, viewAfter(world, each)])),
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
  const state = stateAt(world, address);
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

/** What the machine at an address will be made of and set to. */
function natureAfter(world: World, desired: DesiredMachine): Nature {
  const found = world.natures.get(desired.address);
  if (found !== undefined) return found;
  // Clones in a ring are an error of the stack; whoever asks anyway gets an answer.
  world.natures.set(desired.address, UNKNOWN_NATURE);
  const present = presentOf(world, desired);
  const nature = present === undefined ? natureMade(world, desired) : natureKept(desired, present);
  world.natures.set(desired.address, nature);
  return nature;
}

const UNKNOWN_NATURE: Nature = { image: undefined, arch: undefined, settings: {} };

interface Present {
  readonly facts: MachineFacts;
  readonly state?: MachineResource;
}

/** The machine that stays at an address; `undefined` where this plan, or a later one, makes it. */
function presentOf(world: World, { address }: DesiredMachine): Present | undefined {
  const change = world.changes.get(address);
  if (change?.action === "create" || change?.action === "replace") return undefined;
  if (change?.action === "adopt") return adopted(world, change);
  const state = stateAt(world, change?.previousAddress ?? address);
  const facts = state?.id === undefined ? undefined : world.liveById.get(state.id);
  return facts && state && { facts, state };
}

function adopted(world: World, change: Change): Present | undefined {
  const action = world.plan.actions.find((each) => each.kind === "adopt" && each.address === change.address);
  const id = action?.kind === "adopt" ? action.target.id : null;
  const facts = id === null ? world.liveByName.get(nameKey(change.name)) : world.liveById.get(id);
  return facts && { facts };
}

function stateAt({ prior }: World, address: Address): MachineResource | undefined {
  const state = Object.hasOwn(prior.resources, address) ? prior.resources[address] : undefined;
  return state?.type === "machine" ? state : undefined;
}

/** A machine that is made: like what it is made from, with what the stack asks. */
function natureMade(world: World, desired: DesiredMachine): Nature {
  const { image, arch, settings } = born(world, desired.origin);
  return { image, arch: desired.arch ?? arch, settings: { ...settings, ...asked(desired.settings, SETTING_KEYS) } };
}

/** A machine that stays: as it is, with what the stack asks; what it asked before goes back to what the machine was made with. */
function natureKept(desired: DesiredMachine, { facts, state }: Present): Nature {
  const is = state === undefined ? fromFacts(facts) : natureBefore(state, facts);
  const keys = SETTING_KEYS.filter((key) => !isIgnored(desired, SETTING_PATHS[key]));
  const back = keys.filter((key) => state !== undefined && Object.hasOwn(state.inputs.settings, key));
  const settings = { ...is.settings, ...pick(state?.made ?? {}, back), ...asked(desired.settings, keys) };
  const image = isIgnored(desired, "image") ? is.image : (imageWords(desired.origin) ?? is.image);
  return { image, arch: is.arch ?? desired.arch, settings };
}

function natureBefore(state: MachineResource, facts: MachineFacts | undefined): Nature {
  const seen = fromFacts({ image: state.seen.image, settings: facts?.settings ?? state.seen.settings });
  const { origin } = state.inputs;
  const { distro, version } = origin;
  if (origin["kind"] !== "image" || typeof distro !== "string") return seen;
  return { ...seen, image: typeof version === "string" ? `${distro}:${version}` : distro };
}

function fromFacts({ image: { distro, version, arch }, settings }: Pick<MachineFacts, "image" | "settings">): Nature {
  const image = version === "" ? distro : `${distro}:${version}`;
  return { image: image === "" ? undefined : image, arch: arch === "" ? undefined : arch, settings };
}

/** How a machine is when it is made, before the stack's own settings. */
function born(world: World, origin: Origin): Nature {
  switch (origin.kind) {
    case "image":
      return { image: imageWords(origin), arch: undefined, settings: DEFAULTS };
    case "clone":
      return sourceOf(world, origin.of);
    case "restore":
    default:
      return UNKNOWN_NATURE;
  }
}

function sourceOf(world: World, of: MachineReference): Nature {
  if (of.kind === "address") {
    const source = world.byAddress.get(of.address);
    return source?.type === "machine" ? natureAfter(world, source) : UNKNOWN_NATURE;
  }
  const facts = world.liveByName.get(nameKey(of.name));
  return facts === undefined ? UNKNOWN_NATURE : fromFacts(facts);
}

function imageWords(origin: Origin): string | undefined {
  if (origin.kind !== "image") return undefined;
  return origin.version === undefined ? origin.distro : `${origin.distro}:${origin.version}`;
}

function pick(settings: MachineSettings, keys: readonly SettingKey[]): Settings {
  return Object.fromEntries(keys.map((key) => [key, settings[key]]));
}

/** Of these settings those that a stack asks for; `null` = OrbStack's default. */
function asked(settings: DesiredSettings, keys: readonly SettingKey[]): Settings {
  const known: { [K in SettingKey]?: Json | undefined } = {};
  for (const key of keys) {
    const value = settings[key];
    if (value === null) known[key] = DEFAULTS[key];
    else if (value !== undefined) known[key] = resolveValue(value, () => undefined);
  }
  return known;
}

const DEFAULTS: Settings = SETTING_DEFAULTS;

function isIgnored({ lifecycle: { ignoreChanges } }: DesiredMachine, path: string): boolean {
  return ignoreChanges.some((each) => path === each || path.startsWith(`${each}.`));
}
