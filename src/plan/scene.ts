import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { DesiredMachine, DesiredResource } from "../model/resource.ts";
import {
  isInsideResource,
  type ArchiveResource,
  type InsideResource,
  type MachineResource,
  type ResourceState,
} from "../model/snapshot.ts";
import { isSealed } from "../model/sealed.ts";
import { followAliases, type Moved } from "../diff/aliases.ts";
import { recover } from "../diff/recovery.ts";
import { byCodeUnit, closure, sortTopologically } from "../graph/dag.ts";
import type { PlanInput } from "./plan-input.ts";
import { selected } from "./target.ts";

/** The three worlds with everything in them found in constant time. Built once, then only read. */
export interface Scene {
  readonly input: PlanInput;
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  /** What the stack declares, in every mode. */
  readonly declared: ReadonlyMap<Address, DesiredResource>;
  /** Prior, under the addresses the stack uses now. */
  readonly prior: ReadonlyMap<Address, ResourceState>;
  readonly movedFrom: ReadonlyMap<Address, Address>;
  readonly liveById: ReadonlyMap<string, MachineFacts>;
  /** By {@link nameKey}. */
  readonly liveByName: ReadonlyMap<string, MachineFacts>;
  /** Whose machine an id is, predecessors and what is recovered included. */
  readonly ownerOf: ReadonlyMap<string, Address>;
  /** The same with whose it becomes by being adopted. */
  readonly managedBy: ReadonlyMap<string, Address>;
  /** What each desired address needs: its dependencies, and the machine of the stack that it clones by name. */
  readonly needs: ReadonlyMap<Address, readonly Address[]>;
  /** Desired addresses, each after those it needs. */
  readonly order: readonly Address[];
  /** Desired addresses on or behind a cycle. */
  readonly stuck: readonly Address[];
  /** Machines of the stack in which a sensitive file lies. */
  readonly withSecrets: ReadonlySet<Address>;
  /** By machine, which resource asks for each package: what one lets go of and another asks for stays. */
  readonly packagesOn: ReadonlyMap<Address, ReadonlyMap<string, Address>>;
  readonly isSelected: (address: Address) => boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Indexes a plan's input. In destroy mode nothing is desired. */
export function setScene(input: PlanInput): Scene {
  const declared = new Map(input.desired.resources.toSorted(byAddress).map((each) => [each.address, each]));
  const { resources: prior, from } = followAliases(declared, priorResources(input));
  const desired = input.options.mode === "destroy" ? new Map<Address, DesiredResource>() : declared;
  const liveByName = new Map(input.live.machines.map((each) => [nameKey(each.name), each]));
  const ownerOf = owners(prior);
  addRecovered(ownerOf, prior, { liveByName, observedAt: input.live.observedAt });
  const managedBy = withAdopted(ownerOf, { declared, liveByName, options: input.options });
  const needs = needsOf(desired, (name) => managedBy.get(liveByName.get(nameKey(name))?.id ?? ""));
  const { order, stuck } = sortTopologically(needs);
  const selection = selected({ desired, prior, options: input.options });
  return {
    input,
    desired,
    declared,
    prior,
    movedFrom: from,
    liveById: new Map(input.live.machines.map((each) => [each.id, each])),
    liveByName,
    ownerOf,
    managedBy,
    needs,
    order,
    stuck,
    withSecrets: new Set([...input.desired.resources.flatMap(placeOfSecret), ...placesOfFormerSecrets(prior)]),
    packagesOn: packagesOn(desired),
    isSelected: selection.isSelected,
    diagnostics: selection.diagnostics,
  };
}

function placeOfSecret(resource: DesiredResource): readonly Address[] {
  return "sensitive" in resource && resource.sensitive ? [resource.on] : [];
}

/** What the stack no longer says may lie there still. */
function placesOfFormerSecrets(prior: Scene["prior"]): readonly Address[] {
  const inside = [...prior.values()].filter(isInsideResource);
  const secrets = inside.filter((state) => isSealed(state) || (state.was !== undefined && isSealed(state.was)));
  return secrets.map(({ on }) => on);
}

function packagesOn(desired: Scene["desired"]): Scene["packagesOn"] {
  const packages = new Map<Address, Map<string, Address>>();
  for (const each of desired.values()) {
    if (each.type !== "packages" || !("on" in each)) continue;
    const names = packages.get(each.on) ?? new Map<string, Address>();
    packages.set(each.on, names);
    for (const name of Object.keys(each.properties["install"] ?? {})) names.set(name, each.address);
  }
  return packages;
}

/** The machine of the stack at an address. */
export function desiredMachine(scene: Scene, address: Address): DesiredMachine | undefined {
  const resource = scene.desired.get(address);
  return resource?.type === "machine" ? resource : undefined;
}

/** The machine in state at an address. */
export function priorMachine(scene: Scene, address: Address): MachineResource | undefined {
  const resource = scene.prior.get(address);
  return resource?.type === "machine" ? resource : undefined;
}

/** What is in state of something inside a machine. */
export function priorInside(scene: Scene, address: Address): InsideResource | undefined {
  const resource = scene.prior.get(address);
  return isInsideResource(resource) ? resource : undefined;
}

/** What is in state of an archive. */
export function priorArchive(scene: Scene, address: Address): ArchiveResource | undefined {
  const resource = scene.prior.get(address);
  return resource?.type === "archive" ? resource : undefined;
}

function priorResources(input: PlanInput): Moved["resources"] {
  const resources = new Map<Address, ResourceState>();
  for (const [address, state] of entries(input.prior.resources).toSorted(([a], [b]) => byCodeUnit(a, b))) {
    resources.set(address, state);
  }
  return resources;
}

function byAddress(left: { readonly address: Address }, right: { readonly address: Address }): number {
  return byCodeUnit(left.address, right.address);
}

/** Keys of a snapshot's resources are addresses; the language types them as strings. */
function entries<T>(resources: { readonly [address: Address]: T }): [Address, T][] {
  const found: [Address, T][] = [];
  for (const address in resources) {
    if (!isAddressOf(resources, address)) continue;
    const resource = resources[address];
    if (resource !== undefined) found.push([address, resource]);
  }
  return found;
}

function isAddressOf(resources: object, key: string): key is Address {
  return Object.hasOwn(resources, key);
}

/** A machine of the stack may be cloned by its name: then it is as if it were referred to, unless it needs the clone. */
function needsOf(
  desired: ReadonlyMap<Address, DesiredResource>,
  ownerOf: (name: string) => Address | undefined,
): Map<Address, readonly Address[]> {
  const needs = new Map<Address, readonly Address[]>();
  const byName: [Address, Address][] = [];
  for (const [address, resource] of desired) {
    needs.set(address, resource.dependencies);
    if (resource.type !== "machine" || resource.origin.kind !== "clone") continue;
    const { of } = resource.origin;
    const source = of.kind === "existing" ? ownerOf(of.name) : undefined;
    if (source !== undefined && desired.has(source)) byName.push([address, source]);
  }
  for (const [address, source] of byName) {
    if (closure([source], needs).has(address)) continue;
    needs.set(address, [...(needs.get(address) ?? []), source]);
  }
  return needs;
}

function owners(prior: ReadonlyMap<Address, ResourceState>): Map<string, Address> {
  const owner = new Map<string, Address>();
  for (const [address, resource] of prior) {
    if (resource.type !== "machine") continue;
    if (resource.id !== undefined) owner.set(resource.id, address);
    for (const { id } of resource.deposed ?? []) owner.set(id, address);
  }
  return owner;
}

/** A machine that an open intent turns out to have made is nobody else's to adopt or to clone as a stranger. */
function addRecovered(
  ownerOf: Map<string, Address>,
  prior: ReadonlyMap<Address, ResourceState>,
  { liveByName, observedAt }: Pick<Scene, "liveByName"> & { readonly observedAt: number },
): void {
  for (const [address, resource] of prior) {
    if (resource.type !== "machine" || resource.pending === undefined) continue;
    const named = liveByName.get(nameKey(resource.pending.name));
    if (named === undefined || ownerOf.has(named.id)) continue;
    if (recover(resource.pending, named, observedAt).kind === "found") ownerOf.set(named.id, address);
  }
}

function withAdopted(
  ownerOf: ReadonlyMap<string, Address>,
  { declared, liveByName, options }: Pick<Scene, "declared" | "liveByName"> & Pick<PlanInput, "options">,
): ReadonlyMap<string, Address> {
  if (options.adopt.length === 0) return ownerOf;
  const managedBy = new Map(ownerOf);
  const adoptions = options.adopt.map((each) =>
    typeof each === "object" ? each : { address: each, name: nameOf(declared.get(each)) },
  );
  for (const { address, name } of adoptions.toSorted(byAddress)) {
    const id = liveByName.get(nameKey(name))?.id;
    if (id !== undefined && !managedBy.has(id)) managedBy.set(id, address);
  }
  return managedBy;
}

function nameOf(resource: DesiredResource | undefined): string {
  return resource?.type === "machine" ? resource.name : "";
}
