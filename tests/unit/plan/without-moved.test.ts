import { expect, test } from "vitest";
import { factsOf } from "../../../src/plan/plan-facts.ts";
import { withoutMoved } from "../../../src/plan/stale.ts";
import { touchedBy } from "../../../src/plan/touched.ts";
import { hashText } from "../../../src/state/digest.ts";
import { digest, inputOf, planOf } from "../../support/plan-builders.ts";

const output = (value: string) => ({ value, sensitive: false });

test("of a kept plan's outputs, those that it leaves alone are as they were written last", () => {
  const { prior: empty, live } = inputOf({});
  const outputs = { gone: output("a"), kept: output("a"), made: output("a") };
  const plan = { ...planOf({}), outputs, outputChanges: [{ name: "made", after: "a", sensitive: false }] };
  // What a target kept out of the plan is not put into it.
  const prior = { ...empty, outputs: { kept: output("b"), made: output("b"), "left-out": output("b") } };
  const more = { prior, live, hashText, digest, boots: new Map(), addresses: new Map() };
  const facts = factsOf(plan, touchedBy(plan, prior, []), more);
  expect(withoutMoved(plan, prior, { planned: facts, present: facts }).outputs).toEqual({
    kept: output("b"),
    made: output("a"),
  });
});
