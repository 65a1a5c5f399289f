import { isInsideAction } from "../model/action.ts";
import { addressesIn, type Address } from "../model/address.ts";
import type { ArchiveFacts } from "../model/archive.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import { ignoredOf } from "../model/inside-ignored.ts";
import type { HashText } from "../model/inside-wish.ts";
import { DEFAULT_LIFECYCLE, type Lifecycle } from "../model/lifecycle.ts";
import type { LiveState } from "../model/live.ts";
import { nameKey, SETTING_KEYS, type MachineFacts, type MachineId, type MachineSettings } from "../model/machine.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import { keptFacts, isSealed, sealFor } from "../model/sealed.ts";
import { isInsideResource, type ResourceState, type Snapshot } from "../model/snapshot.ts";
import { isIgnored } from "../diff/attributes.ts";
import { canonical } from "./plan-digest.ts";
import type { Touched } from "./touched.ts";

/** What was seen of what a plan rests on. `null`: it was looked for and is not there. */
export interface PlanFacts {
  /** Digests of what state has; `null` = not in state. */
  readonly states: { readonly [address: string]: string | null };
  /** The same of what the plan only writes down. */
  readonly written: { readonly [address: string]: string | null };
  readonly machines: { readonly [id: string]: MachineSeen | null };
  /** By name, as {@link nameKey} has it: the machine that has it. */
  readonly names: { readonly [name: string]: string | null };
  /** The default machine's id. Absent: it does not matter. */
  readonly default?: string | null;
  /** Global settings as printed. */
  readonly settings: { readonly [key: string]: string | null };
  readonly inside: { readonly [address: string]: InsideSeen | null };
  readonly archives: { readonly [address: string]: ArchiveFacts | null };
  /** Who claims a machine or a setting, where it is another state. */
  readonly claims: { readonly [subject: string]: string };
}

/** A machine that a plan rests on. What `ignoreChanges` names is left out. */
export interface MachineSeen {
  readonly name?: string;
  /** In OrbStack's word: `running`, `stopped`. */
  readonly power?: string;
  readonly settings: MachineSettings;
  /** Which boot it is on; absent: it does not matter, does not run, or did not say. */
  readonly boot?: string;
  /** What the one look at a machine that never was ready said; absent: it was not looked at. */
  readonly probe?: "ready" | "not ready";
  /** Absent: nothing refers to them. */
  readonly addresses?: { readonly ip4?: string; readonly ip6?: string };
}

/** What was found inside a machine, by property; what `ignoreChanges` names is left out. */
export interface InsideSeen {
  readonly [property: string]: unknown;
}

/** What only a closer look tells. */
export interface CloserLook {
  /** Boots of the machines that say them. */
  readonly boots: ReadonlyMap<MachineId, string>;
  readonly addresses: ReadonlyMap<MachineId, { readonly ip4?: string; readonly ip6?: string }>;
}

/** What a plan is compared with. */
export interface Worlds extends CloserLook {
  readonly prior: Snapshot;
  readonly live: LiveState;
  readonly digest: Digest;
  readonly hashText: HashText;
}

/** Writes down what a plan rests on, as these worlds have it. Contents that nobody may see are sealed. */
export function factsOf(plan: Plan, touched: Touched, worlds: Worlds): PlanFacts {
  const { prior, live } = worlds;
  const byId = new Map(live.machines.map((each) => [each.id, each]));
  const byName = new Map(live.machines.map((each) => [nameKey(each.name), each]));
  const named = (name: string): MachineId | null => byName.get(nameKey(name))?.id ?? null;
  const written = [...addressesIn(plan.refreshed), ...addressesIn(plan.settled)];
  const stateOf = (address: Address): string | null => stateDigest(prior.resources[address], worlds.digest);
  const lifecycles = lifecyclesById(plan, touched, prior);
  const seen = (id: MachineId): MachineSeen | null => {
    const machine = byId.get(id);
    return machine === undefined ? null : machineSeen(machine, { touched, worlds, lifecycle: lifecycles.get(id) });
  };
  return {
    states: record([...touched.own, ...touched.read], stateOf),
    written: record(written, stateOf),
    machines: record(touched.machines, seen),
    names: record(touched.names, named),
    ...(touched.default && live.default !== undefined && { default: live.default && named(live.default) }),
    settings: record(touched.settings, (key) => live.settings[key] ?? null),
    inside: record(insideAddresses(plan, touched, prior), (address) => insideSeen(address, plan, worlds)),
    archives: record(archiveAddresses(touched, prior), (address) => live.archives[address] ?? null),
    claims: claimsOn([...touched.machines, ...touched.settings], live),
  };
}

/**
 * The digest of what state has of a resource: its revision does not count everything that is written down. Addresses are
 * left out: they change with every start, and any run may have looked them up anew.
 */
function stateDigest(state: ResourceState | null | undefined, digest: Digest): string | null {
  if (state === undefined || state === null) return null;
  return digest(canonical(state.type === "machine" ? { ...state, addresses: undefined } : state));
}

/** A record with its keys in order. */
function record<K extends string, V>(keys: Iterable<K>, of: (key: K) => V): { readonly [key: string]: V } {
  return Object.fromEntries([...new Set(keys)].toSorted().map((key) => [key, of(key)]));
}

interface Seeing {
  readonly touched: Touched;
  readonly worlds: Worlds;
  readonly lifecycle: Lifecycle | undefined;
}

function machineSeen(machine: MachineFacts, { touched, worlds, lifecycle }: Seeing): MachineSeen {
  const { id, name, state } = machine;
  const ignores = (path: string): boolean => isIgnored(path, lifecycle?.ignoreChanges ?? []);
  const settings = SETTING_KEYS.filter((key) => key in machine.settings && !ignores(SETTING_PATHS[key]));
  const boot = touched.worked.has(id) && !ignores("power") ? worlds.boots.get(id) : undefined;
  const addresses = touched.addressed.has(id) ? (worlds.addresses.get(id) ?? {}) : undefined;
  const probe = touched.worked.has(id) ? worlds.live.probes[id] : undefined;
  return {
    ...(!ignores("name") && { name }),
    ...(!ignores("power") && { power: state }),
    settings: Object.fromEntries(settings.map((key) => [key, machine.settings[key]])),
    ...(boot !== undefined && { boot }),
    ...(probe !== undefined && { probe }),
    ...(addresses !== undefined && { addresses }),
  };
}

/** What is ignored of a machine: as the stack says now, or as it was applied last. */
function lifecyclesById(plan: Plan, { own, read }: Touched, prior: Snapshot): ReadonlyMap<MachineId, Lifecycle> {
  const lifecycles = new Map<MachineId, Lifecycle>();
  for (const address of [...own, ...read]) {
    const state = prior.resources[address];
    if (state?.type !== "machine" || state.id === undefined) continue;
    lifecycles.set(state.id, plan.settled[address]?.lifecycle ?? state.lifecycle);
  }
  return lifecycles;
}

/** What goes with its machine is not looked at. */
function insideAddresses({ actions, mode }: Plan, { own }: Touched, { resources }: Snapshot): readonly Address[] {
  const taken = mode === "refresh-only" ? [...own].filter((each) => isInsideResource(resources[each])) : [];
  return [...actions.filter(isInsideAction).map(({ address }) => address), ...taken];
}

function insideSeen(address: Address, plan: Plan, { prior, live, hashText }: Worlds): InsideSeen | null {
  const facts = live.inside[address];
  if (facts === undefined) return null;
  const resource = plan.settled[address];
  const state = prior.resources[address];
  const before = isInsideResource(state) ? state : undefined;
  const isSecret = (resource && "sensitive" in resource && resource.sensitive) || (before && isSealed(before));
  const owner = `${plan.world.host} ${plan.stack} ${address}`;
  const kept = keptFacts(facts, isSecret === true ? sealFor(owner, before, hashText) : undefined);
  const ignored = ignoredOf((resource ?? before)?.lifecycle ?? DEFAULT_LIFECYCLE);
  return Object.fromEntries(Object.entries(kept).filter(([key]) => key === "type" || !ignored.has(key)));
}

function archiveAddresses({ own }: Touched, prior: Snapshot): readonly Address[] {
  return [...own].filter((address) => prior.resources[address]?.type === "archive");
}

function claimsOn(subjects: readonly string[], { claims }: LiveState): PlanFacts["claims"] {
  const others = subjects.filter((each) => claims[each] !== undefined).toSorted();
  return Object.fromEntries(others.map((each) => [each, claims[each] ?? ""]));
}
