import type { Action, Target } from "../model/action.ts";
import { addressesIn, type Address } from "../model/address.ts";
import { nameKey, type MachineId } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredResource } from "../model/resource.ts";
import { isInsideResource, type ResourceState, type Snapshot } from "../model/snapshot.ts";
import { isIgnored } from "../diff/attributes.ts";
import { refsIn } from "../model/value.ts";
import { rivalsOf } from "./rivals.ts";

/** What a plan rests on: a change of any of this makes it stale, a change of anything else does not. */
export interface Touched {
  /** Addresses that it changes. */
  readonly own: ReadonlySet<Address>;
  /** Addresses that it reads: sources, references, machines in which things lie; and who has a share in what it takes away. */
  readonly read: ReadonlySet<Address>;
  /** Machines that stand at these addresses, or that actions name by id. */
  readonly machines: ReadonlySet<MachineId>;
  /** Of these, those that it changes: they must not have been restarted either. */
  readonly worked: ReadonlySet<MachineId>;
  /** Of these, those whose addresses something refers to. */
  readonly addressed: ReadonlySet<MachineId>;
  /** Names that it gives to machines, as {@link nameKey} has them. */
  readonly names: ReadonlySet<string>;
  /** Keys of global settings that it sets or refers to. */
  readonly settings: ReadonlySet<string>;
  /** Whether it says which machine is the default. */
  readonly default: boolean;
}

/** Properties that change with every start, or at any time: only a closer look tells them. */
const VOLATILE: ReadonlySet<string> = new Set(["ip4", "ip6", "diskBytes"]);

/**
 * What a plan rests on; `prior` is the state it was made on, or the one it is to be applied to. `declared`: what the stack
 * says, where that is known: what nobody may see refers to others too, and stands in no plan.
 */
export function touchedBy(plan: Plan, prior: Snapshot, declared: readonly DesiredResource[]): Touched {
  const own = ownOf(plan);
  const resources = [...own].flatMap((address) => plan.settled[address] ?? []);
  const hidden = declared.filter((each) => own.has(each.address) && isDesiredInside(each) && each.sensitive);
  const refs = [...resources, ...hidden, ...plan.actions].flatMap(refsIn);
  const read = new Set([
    ...refs.map(({ address }) => address),
    ...plan.actions.flatMap(targetsOf),
    ...nearby(resources),
    ...(plan.mode === "refresh-only" ? machinesOf(own, prior) : []),
    ...rivalsOf(plan, own, prior),
  ]);
  for (const each of own) read.delete(each);
  const idsAt = (addresses: Iterable<Address>) => [...addresses].flatMap((each) => idsOf(each, plan, prior));
  const worked = new Set([...idsAt(own), ...plan.actions.flatMap(workedOn)]);
  return {
    own,
    read,
    worked,
    machines: new Set([...worked, ...idsAt(read), ...plan.actions.flatMap(idsIn)]),
    addressed: new Set(idsAt(refs.filter(({ property }) => VOLATILE.has(property)).map(({ address }) => address))),
    names: new Set([...plan.actions.flatMap(namesIn), ...pendingNames(own, prior)].map(nameKey)),
    settings: settingsOf(plan, { read: plan.mode === "refresh-only" ? [...own, ...read] : read, prior }),
    default: plan.actions.some(({ kind }) => kind === "set-default") || resources.some(isDefault),
  };
}

/** Where a plan takes in what changed outside, that is all it does; what it forgets is its doing in any case. */
function ownOf({ mode, changes, actions, refreshed }: Plan): ReadonlySet<Address> {
  const changed = changes.flatMap(({ address, previousAddress }) => [address, previousAddress ?? []].flat());
  const taken = addressesIn(refreshed).filter((each) => mode === "refresh-only" || refreshed[each] === null);
  return new Set([...changed, ...actions.map(({ address }) => address), ...taken]);
}

function nearby(resources: readonly DesiredResource[]): readonly Address[] {
  return resources.flatMap((each) => {
    if (isDesiredInside(each)) return [each.on, ...each.restartOn];
    if (each.type === "archive") return [each.of];
    const isClone = each.type === "machine" && each.origin.kind === "clone" && each.origin.of.kind === "address";
    return isClone ? each.dependencies : [];
  });
}

/** Machines in which things of a state lie. */
function machinesOf(own: ReadonlySet<Address>, { resources }: Snapshot): readonly Address[] {
  return [...own].flatMap((address) => {
    const state = resources[address];
    return isInsideResource(state) ? [state.on] : [];
  });
}

function targetsOf(action: Action): readonly Address[] {
  return targetsIn(action).map(({ address }) => address);
}

function idsIn(action: Action): readonly MachineId[] {
  return targetsIn(action).flatMap(({ id }) => id ?? []);
}

/** The machines that an action names: the one it is for, and a source. */
export function targetsIn(action: Action): readonly Target[] {
  const target = "target" in action ? action.target : null;
  return [target ?? [], "source" in action ? action.source : []].flat();
}

function workedOn(action: Action): readonly MachineId[] {
  return "target" in action && action.target?.id ? [action.target.id] : [];
}

/** Names that an action gives to machines. */
export function namesIn(action: Action): readonly string[] {
  if (action.kind === "rename") return [action.to];
  if (action.kind === "delete") return [action.temporaryName];
  return action.kind === "create" || action.kind === "clone" || action.kind === "restore" ? [action.name] : [];
}

function idsOf(address: Address, { refreshed }: Plan, prior: Snapshot): readonly MachineId[] {
  return [prior.resources[address], refreshed[address]].flatMap((state) => (state ? idsInState(state) : []));
}

function idsInState(state: ResourceState): readonly MachineId[] {
  if (state.type !== "machine") return [];
  return [state.id ?? [], ...(state.deposed ?? []).map(({ id }) => id)].flat();
}

function settingsOf(
  { actions, settled }: Plan,
  { read, prior }: { readonly read: Iterable<Address>; readonly prior: Snapshot },
): ReadonlySet<string> {
  const set = actions.flatMap((each) => ("subject" in each && each.subject === "setting" ? each.key : []));
  const readOnes = [...read].flatMap((address) => {
    const state = prior.resources[address];
    const declared = settled[address];
    if (declared?.type === "setting") return declared.key;
    return state?.type === "setting" ? state.inputs.key : [];
  });
  return new Set([...set, ...readOnes]);
}

function isDefault(resource: DesiredResource): boolean {
  if (resource.type !== "machine" || !resource.default) return false;
  return !isIgnored("default", resource.lifecycle.ignoreChanges);
}

/** Machines that a dead run announced: one of such a name may appear late. */
function pendingNames(own: ReadonlySet<Address>, { resources }: Snapshot): readonly string[] {
  return [...own].flatMap((address) => {
    const state = resources[address];
    return state?.type === "machine" && state.pending !== undefined ? [state.pending.name] : [];
  });
}
