import { NO_POLICIES } from "../../../src/model/policy.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodePlan, encodePlan } from "../../support/plan-text.ts";
import { remainingMs } from "../../../src/graph/critical-path.ts";
import { orbformJson } from "../../../src/report/orbform-json.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { AFTER, deadRun } from "../../support/fuzz-state.ts";
import { SECRET, anything, fuzzRuns, mangled, type Valid } from "../../support/mangle.ts";
import { checkText, told } from "../../support/told.ts";

/** Plans after runs that died at several points. */
const [first, ...more] = await Promise.all(
  [1, 30, 45, 60].map(async (diesAt): Promise<Valid> => {
    const { plan } = await (await deadRun(diesAt)).plan(AFTER);
    return { text: encodePlan(plan), shape: "json" };
  }),
);

test("whatever stands in a plan file, it is a plan that can be shown and ordered, or an error of ours", async () => {
  if (first === undefined) throw new Error("no plan was made");
  const { numRuns } = fuzzRuns(300);
  let decoded = 0;
  const texts = fc.oneof({ weight: 1, arbitrary: anything() }, { weight: 6, arbitrary: mangled([first, ...more]) });
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const { value: plan } = await told(() => decodePlan(text, "web.plan"));
      if (plan === undefined) return;
      decoded += 1;
      checkText(planText(plan, PLAIN).replaceAll(SECRET, ""));
      JSON.stringify(orbformJson({ plan, digest: "", notices: [], policy: NO_POLICIES, version: "" }));
      remainingMs(plan.actions);
      expect(decodePlan(encodePlan(plan), "web.plan")).toEqual(plan);
    }),
    { numRuns },
  );
  expect(decoded, "damage that only showing meets").toBeGreaterThan(numRuns / 100);
});
