import type { Address } from "../model/address.ts";
import type { Plan } from "../model/plan.ts";

/** The part of a plan that takes a machine into state: nothing is done to it, and what differs is left to the next plan. */
export function onlyAdoption(plan: Plan, address: Address): Plan {
  const actions = plan.actions.filter((each) => each.kind === "adopt" && each.address === address);
  const ids = new Set(actions.map((each) => each.id));
  const changes = plan.changes.filter((each) => each.address === address && each.action === "adopt");
  const settled = Object.entries(plan.settled).filter(([each]) => each === address);
  return {
    ...plan,
    actions: actions.map((each) => ({ ...each, after: [] })),
    changes: changes.map((each) => ({ ...each, attributes: [], actions: [...ids] })),
    settled: Object.fromEntries(settled),
    outputs: {},
    outputChanges: [],
    summary: { add: 0, change: 0, destroy: 0, forget: 0, adopt: changes.length },
  };
}
