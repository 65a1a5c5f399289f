/** Whose packages are, and whose they become. */
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { ownPackages, type InsideWish } from "../model/inside.ts";
import { settledWish } from "../model/inside-kept.ts";
import type { DesiredInside } from "../model/resource.ts";
import { isInsideResource, type InsideResource, type ResourceState } from "../model/snapshot.ts";
import { isIgnored } from "../diff/attributes.ts";
import type { Scene } from "./scene.ts";

interface Wished {
  readonly wish: InsideWish | undefined;
  readonly prior: InsideResource | undefined;
}

/**
 * Packages that were installed for a resource, that neither it nor another one asks for any longer, and that were not
 * there before.
 */
export function dropped(scene: Scene, { lifecycle }: DesiredInside, { wish, prior }: Wished): readonly string[] {
  if (wish?.type !== "packages" || prior === undefined || lifecycle.retain) return [];
  if (isIgnored("install", lifecycle.ignoreChanges)) return [];
  return goingPackages(scene, prior).filter((name) => !(name in wish.install) && !wish.remove.includes(name));
}

/** Packages of ours that nothing in the stack asks for. */
export function goingPackages({ packagesOn }: Scene, prior: InsideResource): readonly string[] {
  const asked = packagesOn.get(prior.on);
  return ownPackages(prior)
    .filter((name) => asked?.has(name) !== true)
    .toSorted();
}

/** Other resources that ask now for packages which were installed for this one. */
export function heirsOf({ packagesOn }: Scene, address: Address, prior: ResourceState | undefined): readonly Address[] {
  if (!isInsideResource(prior) || prior.type !== "packages") return [];
  const heirs = ownPackages(prior).flatMap((name) => packagesOn.get(prior.on)?.get(name) ?? []);
  return [...new Set(heirs)].filter((each) => each !== address);
}

/** Heirs that this plan leaves as they are: until one includes them, nobody but the owner knows whose the packages are. */
export function absentHeirs(scene: Scene, address: Address, prior: InsideResource): readonly Address[] {
  return heirsOf(scene, address, prior).filter((each) => !scene.isSelected(each));
}

/** A resource with what it keeps for heirs that this plan leaves as they are, as long as it is installed. */
export function withKeptForHeirs(
  scene: Scene,
  desired: DesiredInside,
  prior: InsideResource | undefined,
): DesiredInside {
  const absent = prior === undefined ? [] : absentHeirs(scene, desired.address, prior);
  if (prior === undefined || absent.length === 0) return desired;
  const asked = scene.packagesOn.get(prior.on);
  const facts = scene.input.live.inside[desired.address] ?? prior.seen;
  const installed = facts.type === "packages" ? facts.installed : {};
  const kept = ownPackages(prior).filter((name) => {
    const heir = asked?.get(name);
    return heir !== undefined && absent.includes(heir) && typeof installed[name] === "string";
  });
  const asks = Object.entries(desired.properties["install"] ?? {});
  const install = {
    ...Object.fromEntries(kept.map((name) => [name, "present"])),
    ...Object.fromEntries(asks),
  };
  return kept.length === 0 ? desired : { ...desired, properties: { ...desired.properties, install } };
}

/** `ORB_TARGETED`: a resource that has left the stack stays in state until a plan includes who gets its packages. */
export function waitsForHeirs(address: Address, heirs: readonly Address[]): Diagnostic {
  return {
    severity: "warning",
    code: "ORB_TARGETED",
    summary: "Packages wait for who gets them",
    detail:
      `${address} has left the stack, and ${heirs.join(", ")}, which this plan leaves as it is, asks for packages that ` +
      "were installed for it. It stays in state until then, so that it stays known whose they are.",
    hint: "To hand them over, run: orb apply",
    address,
  };
}

/**
 * State of a resource that gets packages which were installed for another one, and has nothing else to do: they were not
 * there before either. It is so before anything runs, for the other one may be forgotten by then.
 */
export function asHeir(
  { prior, input }: Scene,
  here: InsideResource,
  { desired, wish }: { readonly desired: DesiredInside; readonly wish: InsideWish | undefined },
): InsideResource {
  const { inputs, original } = here;
  if (inputs.type !== "packages" || original.type !== "packages" || wish?.type !== "packages") return here;
  if (input.options.mode === "refresh-only") return here;
  const settled = settledWish(wish, inputs, desired.lifecycle);
  const added = settled.type === "packages" ? Object.entries(settled.install) : [];
  const others = added.every(([name]) => name in inputs.install) ? [] : [...prior.values()];
  const ours = new Set(others.flatMap((each) => ownedIn(each, here)));
  const got = added.filter(([name]) => ours.has(name) && !(name in inputs.install));
  if (got.length === 0) return here;
  const before = Object.fromEntries(got.map(([name]) => [name, null]));
  return {
    ...here,
    inputs: { ...inputs, install: { ...inputs.install, ...Object.fromEntries(got) } },
    original: { ...original, installed: { ...original.installed, ...before } },
  };
}

function ownedIn(state: ResourceState, { machine }: InsideResource): readonly string[] {
  return isInsideResource(state) && state.machine === machine ? ownPackages(state) : [];
}
