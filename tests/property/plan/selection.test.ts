import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Action } from "../../../src/model/action.ts";
import type { Address } from "../../../src/model/address.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { PlanInput, PlanOptions } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import { at } from "../../support/plan-builders.ts";
import { makes } from "../../support/plan-reach.ts";
import { priorAt } from "../../support/plan-rules.ts";
import { calmInputs } from "../../support/plan-worlds.ts";

const machines = ["m0", "m1", "m2", "m3", "m4", "m5", "old-m0", "old-m3"].map(at);
const chosen = fc.uniqueArray(fc.constantFrom(...machines, at("setting.k0")), { minLength: 1, maxLength: 3 });
const modes = fc.constantFrom<PlanOptions["mode"]>("normal", "normal", "destroy");

interface Selected {
  readonly input: PlanInput;
  readonly part: Plan;
  readonly whole: Plan;
}

/** A part of a plan beside the whole, both of which can be applied; the options name only what is there. */
function selection(key: "targets" | "excludes") {
  return fc.tuple(calmInputs, chosen, modes).map(([input, picked, mode]): Selected | undefined => {
    const known = new Set<Address>([
      ...input.desired.resources.map(({ address }) => address),
      ...priorAt(input).keys(),
    ]);
    const named = picked.filter((each) => known.has(each));
    const asking = { ...input, options: { ...PLAIN_REQUEST, mode, [key]: named } };
    const whole = plan({ ...input, options: { ...PLAIN_REQUEST, mode } });
    const part = plan(asking);
    if (named.length === 0 || hasErrors(whole.diagnostics) || hasErrors(part.diagnostics)) return undefined;
    return { input: asking, part, whole };
  });
}

test("a target brings what it depends on, and where it is deleted what depends on it: nothing more, nothing less", () => {
  fc.assert(
    fc.property(selection("targets"), (selected) => {
      fc.pre(selected !== undefined);
      const { input, part, whole } = selected;
      const wanted = closure(input, input.options.targets, { needsOf: "desired", dependentsOf: "removed" });
      expect(addressesIn(part)).toEqual(addressesIn(whole).filter((each) => wanted.has(each)));
    }),
    { numRuns: 200 },
  );
});

test("an exclusion takes out what depends on it, and where it would be deleted what it depends on: nothing more", () => {
  fc.assert(
    fc.property(selection("excludes"), (selected) => {
      fc.pre(selected !== undefined);
      const { input, part, whole } = selected;
      const unwanted = closure(input, input.options.excludes, { needsOf: "removed", dependentsOf: "desired" });
      expect(addressesIn(part)).toEqual(addressesIn(whole).filter((each) => !unwanted.has(each)));
    }),
    { numRuns: 200 },
  );
});

test.each(["targets", "excludes"] as const)(
  "what a plan with %s does is what the whole plan does at the same addresses",
  (key) => {
    fc.assert(
      fc.property(selection(key), (selected) => {
        fc.pre(selected !== undefined);
        const { part, whole } = selected;
        const there = new Set(whole.actions.map(({ id }) => id));
        const made = new Set(part.actions.filter(makes).map(({ address }) => address));
        // What a machine is made from may be as it is, and not as the whole plan makes it: then more of it is to be set.
        const isOfMaking = (each: Action): boolean => each.kind === "config" && made.has(each.address);
        // A default passes from one machine to another only where both are in the plan; names for the way are as needed.
        const more = part.actions.filter(
          (each) => !there.has(each.id) && each.kind !== "set-default" && !isOnTheWay(each) && !isOfMaking(each),
        );
        expect(more.map(({ id }) => id)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  },
);

function isOnTheWay(action: Action): boolean {
  return action.kind === "rename" && action.temporary;
}

/** Addresses with a change that the plan carries out. */
function addressesIn({ changes }: Plan): readonly Address[] {
  return changes.map(({ address }) => address);
}

interface Directions {
  /** Whose dependencies are followed. */
  readonly needsOf: "desired" | "removed";
  /** Whose dependents are followed. */
  readonly dependentsOf: "desired" | "removed";
}

function closure(
  input: PlanInput,
  start: readonly Address[],
  { needsOf, dependentsOf }: Directions,
): ReadonlySet<Address> {
  const desired = new Map(
    input.options.mode === "destroy" ? [] : input.desired.resources.map((each) => [each.address, each.dependencies]),
  );
  const removed = new Map(
    [...priorAt(input)]
      .filter(([address]) => !desired.has(address))
      .map(([address, each]) => [address, each.dependencies]),
  );
  const graphs = { desired, removed };
  const reached = new Set(start);
  for (const each of reached) {
    for (const next of graphs[needsOf].get(each) ?? []) if (graphs[needsOf].has(next)) reached.add(next);
    if (!graphs[dependentsOf].has(each)) continue;
    for (const [address, needs] of graphs[dependentsOf]) if (needs.includes(each)) reached.add(address);
  }
  return reached;
}
