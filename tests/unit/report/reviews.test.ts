import { expect, test } from "vitest";
import { changesAnything, unfoldedDrift } from "../../../src/report/plan-summary.ts";
import { endedAs, EVERY_KIND, OF_FIVE_HUNDRED, reviewOf, REVIEWS, SECRET } from "../../support/reviews.ts";

const all = Object.entries(REVIEWS).map(([name, make]) => [name, make()] as const);

test("are plans that could be applied", () => {
  const errors = all.flatMap(([, { plan }]) => plan.diagnostics.filter((each) => each.severity === "error"));
  expect(errors).toEqual([]);
});

test("are the seven that every report is to be made of", () => {
  const facts = all.map(([name, review]) => [
    name,
    {
      changes: review.plan.changes.length,
      changed: changesAnything(review.plan),
      drift: unfoldedDrift(review.plan).length,
      denied: review.policy.findings.filter((each) => each.severity === "deny").length,
      ended: [...new Set([...(review.applied?.results.values() ?? [])].map((each) => each.status))].toSorted(),
    },
  ]);
  const nothing = { changes: 0, changed: false, drift: 0, denied: 0, ended: [] };
  expect(Object.fromEntries(facts)).toEqual({
    "no-changes": nothing,
    "one-change": { ...nothing, changes: 1, changed: true },
    "every-action": { ...nothing, changes: 24, changed: true, drift: 1 },
    "five-hundred": { ...nothing, changes: 500, changed: true },
    "failed-apply": { ...nothing, changes: 5, changed: true, ended: ["failed", "skipped", "succeeded", "unknown"] },
    denied: { ...nothing, changes: 1, changed: true, denied: 2 },
    "drift-only": { ...nothing, changed: true, drift: 2 },
  });
});

test("hold every kind of action and of change", () => {
  const { plan } = REVIEWS["every-action"]();
  expect([...new Set(plan.actions.map((each) => each.kind))].toSorted()).toEqual(EVERY_KIND);
  const kinds = new Set(plan.changes.map((each) => each.action));
  expect([...kinds].toSorted()).toEqual(["adopt", "create", "delete", "forget", "no-op", "replace", "update"]);
});

test("are the same each time", () => {
  expect(REVIEWS["five-hundred"]()).toEqual(REVIEWS["five-hundred"]());
});

test("have five hundred changes, of the sorts they say", () => {
  const { created, destroyed, replaced, restarted, renamed } = OF_FIVE_HUNDRED;
  const summary = { add: created + replaced, change: restarted + renamed, destroy: destroyed + replaced };
  expect(REVIEWS["five-hundred"]().plan.summary).toEqual({ ...summary, forget: 0, adopt: 0 });
});

test("hold a secret that reports must not tell", () => {
  expect(JSON.stringify(REVIEWS["every-action"]())).toContain(SECRET);
});

test("can be made of other plans and endings", () => {
  const { plan } = REVIEWS["one-change"]();
  const [first, second] = plan.actions;
  const results = endedAs(plan.actions, { [first?.id ?? ""]: { status: "skipped" } });
  const counts = { added: 0, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 };
  const review = reviewOf(plan, { applied: { operation: "apply", counts, results, interrupted: true } });
  expect([...(review.applied?.results ?? [])]).toEqual([
    [first?.id, { status: "skipped" }],
    [second?.id, { status: "succeeded" }],
  ]);
});
