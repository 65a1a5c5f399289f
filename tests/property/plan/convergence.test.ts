import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { plan } from "../../../src/plan/plan.ts";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import { applyPlan } from "../../support/plan-apply.ts";
import { adoptingInputs, anyInputs, calmInputs, planInputs } from "../../support/plan-worlds.ts";

const NOTHING = { changes: [], actions: [], drift: [], settled: {}, refreshed: {}, outputChanges: [], errors: [] };

function left({
  changes,
  actions,
  drift,
  settled,
  refreshed,
  outputChanges,
  diagnostics,
}: Plan): typeof NOTHING | object {
  const errors = diagnostics.filter((each) => each.severity === "error");
  return { changes, actions, drift, settled, refreshed, outputChanges, errors };
}

test("after apply, the plan is empty and no law was broken", () => {
  fc.assert(
    fc.property(calmInputs, (input) => {
      const planned = plan(input);
      fc.pre(!hasErrors(planned.diagnostics));
      const applied = applyPlan(input, planned);
      expect(applied.violations).toEqual([]);
      expect(left(plan(applied.input))).toEqual(NOTHING);
    }),
    { numRuns: 400 },
  );
});

test("after an apply that was asked to adopt, replace or destroy, the plan is empty too", () => {
  fc.assert(
    fc.property(fc.oneof(adoptingInputs, planInputs({ calm: true, asks: true })), (input) => {
      const whole = { ...input, options: { ...input.options, targets: [], excludes: [] } };
      const planned = plan(whole);
      fc.pre(!hasErrors(planned.diagnostics));
      const applied = applyPlan(whole, planned);
      expect([applied.violations, left(plan(applied.input))]).toEqual([[], NOTHING]);
    }),
    { numRuns: 200 },
  );
});

test("after an apply of a part and one of the whole, the plan is empty", () => {
  fc.assert(
    fc.property(planInputs({ calm: true, asks: true }), (input) => {
      const part = plan(input);
      fc.pre(!hasErrors(part.diagnostics));
      const { input: between, violations } = applyPlan(input, part);
      const whole = { ...between, options: PLAIN_REQUEST };
      const rest = plan(whole);
      fc.pre(!hasErrors(rest.diagnostics));
      const applied = applyPlan(whole, rest);
      expect([violations, applied.violations, left(plan(applied.input))]).toEqual([[], [], NOTHING]);
    }),
    { numRuns: 200 },
  );
});

test("taking in what changed outside leaves nothing to take in", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const refreshing = { ...input, options: { ...PLAIN_REQUEST, mode: "refresh-only" as const } };
      const { input: next } = applyPlan(refreshing, plan(refreshing));
      const again = plan({ ...next, live: input.live });
      expect([again.actions, again.refreshed]).toEqual([[], {}]);
    }),
    { numRuns: 200 },
  );
});
