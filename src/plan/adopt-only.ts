import type { Address } from "../model/address.ts";
import type { Plan } from "../model/plan.ts";

/** The part of a plan that takes machines into state: nothing is done to them, and what differs is left to the next plan. */
export function onlyAdoption(plan: Plan, ...addresses: readonly Address[]): Plan {
  const wanted = new Set<string>(addresses);
  const actions = plan.actions.filter((each) => each.kind === "adopt" && wanted.has(each.address));
  const idOf = new Map(actions.map((each) => [each.address, each.id]));
  const changes = plan.changes.filter((each) => wanted.has(each.address) && each.action === "adopt");
  const settled = Object.entries(plan.settled).filter(([each]) => wanted.has(each));
  return {
    ...plan,
    actions: actions.map((each) => ({ ...each, after: [] })),
    changes: changes.map((each) => ({ ...each, attributes: [], notes: [], actions: ownOf(idOf.get(each.address)) })),
    settled: Object.fromEntries(settled),
    outputs: {},
    outputChanges: [],
    summary: { add: 0, change: 0, destroy: 0, forget: 0, adopt: changes.length },
  };
}

function ownOf<T>(id: T | undefined): readonly T[] {
  return id === undefined ? [] : [id];
}
