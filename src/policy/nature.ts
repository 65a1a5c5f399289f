import type { Address } from "../model/address.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import type { Json } from "../model/json.ts";
import { nameKey, SETTING_DEFAULTS, SETTING_KEYS, type MachineFacts, type SettingKey } from "../model/machine.ts";
import type { Change } from "../model/plan.ts";
import type { PolicyMachine } from "../model/policy-view.ts";
import type { DesiredMachine, DesiredResource, DesiredSettings, MachineReference, Origin } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { resolveValue } from "../model/value.ts";
import { stateAt, type Judged } from "./judged.ts";

/** Settings as far as they are known. */
type Settings = { readonly [K in SettingKey]?: Json | undefined };

/** Everything but what a machine is called and how it is marked: what a clone takes over. */
export type Nature = Pick<PolicyMachine, "image" | "arch"> & { readonly settings: Settings };

/** What machines are told from. */
export interface World extends Judged {
  readonly byAddress: ReadonlyMap<string, DesiredResource>;
  readonly changes: ReadonlyMap<string, Change>;
  readonly liveById: ReadonlyMap<string, MachineFacts>;
  readonly liveByName: ReadonlyMap<string, MachineFacts>;
  /** Addresses in the stack of machines that are there, by id. */
  readonly addresses: ReadonlyMap<string, Address>;
  /** Known already. */
  readonly natures: Map<string, Nature>;
}

/** Gathers what machines are told from. */
export function worldOf(judged: Judged): World {
  const { desired, plan, live } = judged;
  const machines = desired.resources.filter((each) => each.type === "machine");
  const ids = machines.flatMap(({ address }): [string, Address][] => {
    const { id } = machineAt(judged, address) ?? {};
    return id === undefined ? [] : [[id, address]];
  });
  return {
    ...judged,
    byAddress: new Map(desired.resources.map((each) => [each.address, each])),
    changes: new Map(plan.changes.map((each) => [each.address, each])),
    liveById: new Map(live.machines.map((each) => [each.id, each])),
    liveByName: new Map(live.machines.map((each) => [nameKey(each.name), each])),
    addresses: new Map(ids),
    natures: new Map(),
  };
}

/** What the machine at an address will be made of and set to. */
export function natureAfter(world: World, desired: DesiredMachine): Nature {
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

/** A machine that is there; without a state where it is adopted. */
interface Present {
  readonly facts: MachineFacts;
  readonly state?: MachineResource;
}

/** The machine that stays at an address; `undefined` where this plan, or a later one, makes it. */
export function presentOf(world: World, { address }: DesiredMachine): Present | undefined {
  const change = world.changes.get(address);
  if (change?.action === "create" || change?.action === "replace") return undefined;
  if (change?.action === "adopt") return adopted(world, change);
  const state = machineAt(world, address);
  const facts = state?.id === undefined ? undefined : world.liveById.get(state.id);
  return facts && state && { facts, state };
}

function adopted(world: World, change: Change): Present | undefined {
  const action = world.plan.actions.find((each) => each.kind === "adopt" && each.address === change.address);
  const id = action?.kind === "adopt" ? action.target.id : null;
  const facts = id === null ? world.liveByName.get(nameKey(change.name)) : world.liveById.get(id);
  return facts && { facts };
}

/** The machine that the state holds at an address. */
export function machineAt(world: Judged, address: Address): MachineResource | undefined {
  const state = stateAt(world, address);
  return state?.type === "machine" ? state : undefined;
}

/** A machine that is made: like what it is made from, with what the stack asks. */
function natureMade(world: World, desired: DesiredMachine): Nature {
  const { image, arch, settings } = born(world, desired);
  return { image, arch: desired.arch ?? arch, settings: { ...settings, ...asked(desired.settings, SETTING_KEYS) } };
}

/** A machine that stays: as it is, with what the stack asks; what it asked before goes back to what the machine was made with. */
function natureKept(desired: DesiredMachine, { facts, state }: Present): Nature {
  const is = state === undefined ? fromFacts(facts) : natureBefore(state, facts);
  const keys = SETTING_KEYS.filter((key) => !isIgnored(desired, SETTING_PATHS[key]));
  const back = keys.filter((key) => state !== undefined && Object.hasOwn(state.inputs.settings, key));
  const wanted = asked(desired.settings, keys);
  const given = keys.filter((key) => state !== undefined && isClamped(key, wanted[key], { facts, state }));
  const settings = { ...is.settings, ...pick(state?.made ?? {}, back), ...wanted, ...pick(facts.settings, given) };
  const image = isIgnored(desired, "image") ? is.image : (imageWords(desired.origin) ?? is.image);
  return { image, arch: is.arch ?? desired.arch, settings };
}

/** What a machine of the state is made of and set to. */
export function natureBefore(state: MachineResource, facts: MachineFacts | undefined): Nature {
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
function born(world: World, desired: DesiredMachine): Nature {
  const { origin } = desired;
  switch (origin.kind) {
    case "image":
      return { image: imageWords(origin), arch: undefined, settings: DEFAULTS };
    case "clone":
      return sourceOf(world, desired, origin.of);
    case "restore":
    default:
      return UNKNOWN_NATURE;
  }
}

function sourceOf(world: World, { address }: DesiredMachine, of: MachineReference): Nature {
  if (of.kind === "address") return natureAt(world, of.address) ?? UNKNOWN_NATURE;
  const facts = world.liveByName.get(nameKey(of.name));
  if (facts === undefined) return UNKNOWN_NATURE;
  // A machine of the stack can be named as one outside of it, and may have another's name by now.
  const clone = world.plan.actions.find((each) => each.kind === "clone" && each.address === address);
  const planned = clone?.kind === "clone" && clone.source.address !== address ? clone.source.address : undefined;
  const own = planned ?? world.addresses.get(facts.id);
  const after = own === undefined ? undefined : natureAt(world, own);
  return after === undefined ? fromFacts(facts) : agreeing(fromFacts(facts), after);
}

function natureAt(world: World, address: Address): Nature | undefined {
  const desired = world.byAddress.get(address);
  return desired?.type === "machine" ? natureAfter(world, desired) : undefined;
}

/** It may be cloned before or after it is changed itself: what is the same either way is known. */
function agreeing(before: Nature, after: Nature): Nature {
  const same = SETTING_KEYS.filter((key) => sameJson(before.settings[key], after.settings[key]));
  return { ...after, settings: pick(before.settings, same) };
}

function imageWords(origin: Origin): string | undefined {
  if (origin.kind !== "image") return undefined;
  return origin.version === undefined ? origin.distro : `${origin.distro}:${origin.version}`;
}

/** OrbStack gave something else for what is still asked, and that stands. */
function isClamped(key: SettingKey, wanted: Json | undefined, { facts, state }: Present): boolean {
  const clamped = state?.clamped?.[key];
  if (clamped === undefined || wanted === undefined) return false;
  return sameJson(facts.settings[key], clamped) && sameJson(state?.inputs.settings[key], wanted);
}

function pick(settings: Settings, keys: readonly SettingKey[]): Settings {
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

/** Whether `ignoreChanges` names a property, or the object it is written in. */
export function isIgnored({ lifecycle: { ignoreChanges } }: DesiredMachine, path: string): boolean {
  return ignoreChanges.some((each) => path === each || path.startsWith(`${each}.`));
}
