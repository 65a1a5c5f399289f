import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readPolicies } from "../../../src/desired/read-policies.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import { nameKey, type MachineFacts } from "../../../src/model/machine.ts";
import type { PolicyMachine } from "../../../src/model/policy-view.ts";
import { checkPolicies } from "../../../src/policy/check-policies.ts";
import { planView } from "../../../src/policy/plan-view.ts";
import {
  atMostMachines,
  imageAllowList,
  isolationRequired,
  limitsRequired,
  noDeletesOf,
} from "../../../src/policies.ts";
import { definePolicy } from "../../../src/index.ts";
import { applyPlan } from "../../support/plan-apply.ts";
import { anyInputs, calmInputs } from "../../support/plan-worlds.ts";
import { judgedOf } from "../../support/policy-builders.ts";

const talker = definePolicy({
  name: "talker",
  plan: ({ changes }, { warn }) => {
    for (const each of changes) warn(`It is to ${each.action}.`, each);
  },
  change: ({ steps }, { deny }) => {
    if (steps.length > 1) deny(steps.join(", "));
  },
});

const ALL = [
  noDeletesOf({ label: "team" }),
  imageAllowList(["debian"]),
  isolationRequired({ severity: "warn" }),
  limitsRequired(["cpus", "memory"]),
  atMostMachines(2),
  talker,
];
const policies = readPolicies(ALL, { of: "the test", place: undefined });

test("what policies say doesn't depend on the order they are listed in, nor on that of what was observed", () => {
  fc.assert(
    fc.property(anyInputs, fc.shuffledSubarray([...policies], { minLength: policies.length }), (input, shuffled) => {
      const judged = judgedOf(input);
      const { desired, live } = judged;
      const turned = {
        ...judged,
        desired: { ...desired, resources: desired.resources.toReversed() },
        live: { ...live, machines: live.machines.toReversed() },
      };
      const expected = JSON.stringify(checkPolicies(policies, judged));
      expect(JSON.stringify(checkPolicies(shuffled, judged))).toBe(expected);
      expect(JSON.stringify(checkPolicies(policies, turned))).toBe(expected);
    }),
    { numRuns: 200 },
  );
});

test("a machine is shown as it will be: what is known of it before an apply holds after it", () => {
  let compared = 0;
  fc.assert(
    fc.property(calmInputs, (input) => {
      const judged = judgedOf(input);
      if (hasErrors(judged.plan.diagnostics) || judged.plan.mode !== "normal") return;
      const { live } = applyPlan(input, judged.plan).input;
      const byName = new Map(live.machines.map((each) => [nameKey(each.name), each]));
      for (const machine of planView(judged).machines) {
        const facts = byName.get(nameKey(machine.name));
        if (facts === undefined) throw new Error(`${machine.address} is not there as ${machine.name}`);
        compared += 1;
        const found = shownOf(facts);
        for (const [key, expected] of Object.entries(found)) {
          const shown = machine[key as keyof PolicyMachine];
          if (shown !== undefined && expected !== undefined)
            expect([machine.address, key, shown]).toEqual([machine.address, key, expected]);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(300);
});

const MIB = 1024 * 1024;
const limit = (amount: number | undefined, unit = 1) => (amount === 0 ? Infinity : amount && amount / unit);

/** A machine in the words of a view. */
function shownOf({ settings: s }: MachineFacts) {
  return {
    cpus: limit(s.cpus),
    memoryMiB: limit(s.memoryMiB),
    diskMiB: limit(s.diskBytes, MIB),
    user: s.user,
    isolated: s.isolated,
    network: s.isolateNetwork === undefined ? undefined : !s.isolateNetwork,
    forwardSshAgent: s.forwardSshAgent,
    mounts: s.mounts,
  };
}

test("whatever is planned, all that policies see is frozen, and every machine that a plan deletes is seen to go", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const judged = judgedOf(input);
      const view = planView(judged);
      expectFrozen(view);
      const gone = judged.plan.actions.flatMap((each) => (each.kind === "delete" ? each.address : []));
      const seen = view.changes.flatMap(({ address, steps }) => (steps.includes("delete") ? address : []));
      expect([...new Set(gone)].toSorted()).toEqual(seen.toSorted());
    }),
    { numRuns: 200 },
  );
});

function expectFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const each of Object.values(value)) expectFrozen(each);
}
