/** Whatever is reviewed, every format says it: what the issue of reviews asks of them all, in one place. */
import { describe, expect, test } from "vitest";
import { htmlReport } from "../../../src/report/html/page.ts";
import { junitOf, sarifOf } from "../../../src/report/findings-files.ts";
import { lineText, planSummaryLine } from "../../../src/report/events-json.ts";
import { planLines } from "../../../src/report/events-plan.ts";
import { markdown } from "../../../src/report/markdown.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { policyLines, policyText } from "../../../src/report/policy-text.ts";
import type { Review } from "../../../src/report/review.ts";
import { reviewJson } from "../../../src/report/review-json.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { withoutSecrets } from "../../../src/plan/plan-digest.ts";
import { inputOf, planOf } from "../../support/plan-builders.ts";
import { reviewOf, REVIEWS, SECRET } from "../../support/reviews.ts";
import { validator } from "../../support/schema-validator.ts";

const STAMP = { timestamp: "2026-11-26T00:00:00.000Z" };

function json(review: Review): string {
  if (review.worlds === undefined) throw new Error("it has no worlds");
  return JSON.stringify(reviewJson(review, review.worlds, STAMP));
}

function lines({ plan, policy }: Review): readonly string[] {
  const all = [...planLines(plan), ...policyLines(policy), planSummaryLine(plan)];
  return all.map((each) => lineText(each, STAMP.timestamp));
}

const FORMATS: { readonly [format: string]: (review: Review) => string } = {
  text: ({ plan, policy }) => planText(plan, PLAIN) + policyText(policy, PLAIN),
  json,
  lines: (review) => lines(review).join("\n"),
  markdown,
  html: (review) => htmlReport(review, () => "hash"),
  junit: junitOf,
  sarif: sarifOf,
};

const validate = { plan: validator("plan"), events: validator("events") };

/** A word that a review can't be without, in every format that tells of single resources. */
const TELLING: { readonly [name in keyof typeof REVIEWS]: RegExp } = {
  "no-changes": /./,
  "one-change": /memory/,
  "every-action": /nightly/,
  "five-hundred": /m\d+|vm|box|machine/,
  "failed-apply": /machine/,
  denied: /./,
  "drift-only": /machine/,
};

test.each(Object.entries(FORMATS))("a plan that was kept is said as %s as it was when it was made", (_, write) => {
  const outputs = { old: { value: "x", sensitive: true } };
  const wanted = { new: { value: SECRET, sensitive: true } };
  const worlds = { priorOutputs: outputs, outputs: wanted };
  const plan = planOf(worlds);
  expect(plan.outputChanges).toHaveLength(2);
  const { prior, desired } = inputOf(worlds);
  const around = { worlds: { prior, desired } };
  const [made, kept] = [plan, withoutSecrets(plan)].map((each) => write(reviewOf(each, around)));
  expect(kept).toBe(made);
  expect(kept).not.toContain(SECRET);
});

describe.each(Object.entries(REVIEWS))("%s", (name, make) => {
  const review = make();
  const telling = Object.entries(TELLING).find(([each]) => each === name)?.[1] ?? /^$/;

  test.each(Object.entries(FORMATS))("is said as %s, with what it is about and no secret", (format, write) => {
    const text = write(review);
    expect(text).not.toContain(SECRET);
    // Lists of findings have nothing to say where nothing is wrong.
    if (!["junit", "sarif"].includes(format)) expect(text).toMatch(telling);
    expect(write(make())).toBe(text);
  });

  test("fits the published schemas", () => {
    expect(validate.plan(JSON.parse(json(review)))).toEqual([]);
    for (const line of lines(review)) expect(validate.events(JSON.parse(line)), line).toEqual([]);
  });
});
