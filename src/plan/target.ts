import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredResource } from "../model/resource.ts";
import { isInsideResource, type ResourceState } from "../model/snapshot.ts";
import { byCodeUnit, closure, reverse } from "../graph/dag.ts";
import type { PlanOptions } from "./plan-input.ts";

interface Selectable {
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  readonly prior: ReadonlyMap<Address, ResourceState>;
  readonly options: PlanOptions;
}

interface Selection {
  readonly isSelected: (address: Address) => boolean;
  /** `ORB_ADDRESS_UNKNOWN` for what an option names and no world has. */
  readonly diagnostics: readonly Diagnostic[];
}

type Neighbours = ReadonlyMap<Address, readonly Address[]>;

/**
 * What a plan is about. A target brings what it depends on, and where it is to be deleted what depends on it; an
 * exclusion takes out what depends on it and what state has inside its machines; and where it would have been deleted what it
 * depends on and would be, too, but not what else lies in that.
 */
export function selected(selectable: Selectable): Selection {
  const { targets, excludes, replace, adopt } = selectable.options;
  const asked = [
    ...targets,
    ...excludes,
    ...replace,
    ...adopt.map((each) => (typeof each === "string" ? each : each.address)),
  ];
  const known = (address: Address): boolean => selectable.desired.has(address) || selectable.prior.has(address);
  const diagnostics = [...new Set(asked)]
    .filter((each) => !known(each))
    .toSorted(byCodeUnit)
    .map(unknownAddress);
  if (targets.length === 0 && excludes.length === 0) return { isSelected: () => true, diagnostics };
  const made = graphOf(selectable.desired);
  const deleted = graphOf(onlyPrior(selectable));
  const [makers, keepers] = [reverse(made), reverse(deleted)];
  const wanted = closure(closure(targets, made), keepers);
  const unwanted = closure(closure(excludes, united(makers, insideOf(selectable.prior))), deleted);
  return {
    isSelected: (address) => (targets.length === 0 || wanted.has(address)) && !unwanted.has(address),
    diagnostics,
  };
}

function graphOf(resources: Iterable<readonly [Address, { readonly dependencies: readonly Address[] }]>): Neighbours {
  const graph = new Map<Address, readonly Address[]>();
  for (const [address, resource] of resources) graph.set(address, resource.dependencies);
  return graph;
}

function united(some: Neighbours, others: Neighbours): Neighbours {
  const all = new Map(some);
  for (const [address, more] of others) all.set(address, [...(all.get(address) ?? []), ...more]);
  return all;
}

/** By machine: what lies inside it, also what the stack has moved elsewhere, for that is taken away in it. */
function insideOf(prior: Selectable["prior"]): Neighbours {
  const inside = new Map<Address, readonly Address[]>();
  for (const [address, state] of prior) {
    if (!isInsideResource(state)) continue;
    inside.set(state.on, [...(inside.get(state.on) ?? []), address]);
  }
  return inside;
}

/** What is to be deleted, with what of it is to be deleted as well. */
function onlyPrior({ desired, prior }: Selectable): [Address, { readonly dependencies: readonly Address[] }][] {
  const isGoing = (address: Address): boolean => prior.has(address) && !desired.has(address);
  return [...prior]
    .filter(([address]) => isGoing(address))
    .map(([address, { dependencies }]) => [address, { dependencies: dependencies.filter(isGoing) }]);
}

function unknownAddress(address: Address): Diagnostic {
  return {
    severity: "error",
    code: "ORB_ADDRESS_UNKNOWN",
    summary: "No resource at this address",
    detail: `Neither the stack nor its state has ${address}.`,
    hint: "To see the addresses there are, run: orb state list",
    address,
  };
}
