import { expect, test } from "vitest";
import { statePatches } from "../../../src/report/state-patches.ts";
import { terraformPlan } from "../../../src/report/terraform-json.ts";
import { DENIED, SCENARIOS, scenario } from "../../support/review-scenarios.ts";

const STAMP = { timestamp: "2026-11-26T00:00:00Z" };

const ALL = [...Object.keys(SCENARIOS).map((name) => [name, undefined] as const), ["policy-denial", DENIED] as const];

test.each(ALL)("%s reads in Terraform's shape as it read before", async (name, policy) => {
  const { review, worlds } = scenario(name === "policy-denial" ? "delete" : name, policy);
  const text = `${JSON.stringify(terraformPlan(review, worlds, STAMP), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`terraform/${name}.json`);
});

test.each(["one-change", "inside-changed", "replace", "secret-changed"])("%s is told as patches", async (name) => {
  const { review, worlds } = scenario(name);
  const lines = statePatches(review, worlds).map((each) => `${JSON.stringify(each)}\n`);
  await expect(lines.join("")).toMatchFileSnapshot(`terraform/${name}.patches.jsonl`);
});
