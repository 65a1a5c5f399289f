import { expect, test } from "vitest";
import { planDigest, withDigest } from "../../../src/plan/plan-digest.ts";
import { desiredMachine, digest, planOf } from "../../support/plan-builders.ts";

const plan = () => planOf({ desired: [desiredMachine("web")] });

test("two first plans of one stack have one digest, though each draws a lineage", () => {
  const [one, other] = ["a", "b"].map((lineage) => planDigest({ ...plan(), serial: 0, lineage }, digest));
  expect(one).toBe(other);
});

test("plans of two states have two digests", () => {
  const [one, other] = ["a", "b"].map((lineage) => planDigest({ ...plan(), serial: 3, lineage }, digest));
  expect(one).not.toBe(other);
});

test("where a resource is written and how long its actions are expected to take is not what was approved", () => {
  const place = (line: number) =>
    planDigest(planOf({ desired: [desiredMachine("web", { place: { file: "a.ts", line, column: 1 } })] }), digest);
  expect(place(1)).toBe(place(2));
  const { actions, ...rest } = plan();
  const slow = { ...rest, actions: actions.map((each) => ({ ...each, expectedMs: 1 })) };
  expect(planDigest(slow, digest)).toBe(planDigest(plan(), digest));
});

test.each([
  ["a truth value", { settings: { isolated: true } }, { settings: { isolated: false } }],
  ["a number", { settings: { cpus: 1 } }, { settings: { cpus: 2 } }],
  ["a word", { name: "a" }, { name: "b" }],
  ["an item of a list", { groups: ["a"] }, { groups: ["b"] }],
  ["a label that is called as what is left out", { labels: { place: "a" } }, { labels: { place: "b" } }],
  ["what is there on one side only", { arch: "arm64" }, {}],
] as const)("plans that differ in %s have two digests", (_, one, other) => {
  const [left, right] = [one, other].map((given) =>
    planDigest(planOf({ desired: [desiredMachine("web", given)] }), digest),
  );
  expect(left).not.toBe(right);
});

test("is made when it is first asked for, and once", () => {
  let asked = 0;
  const counted = withDigest({ plan: plan() }, (value) => {
    asked += 1;
    return digest(value);
  });
  expect(asked).toBe(0);
  expect([counted.digest, counted.digest]).toEqual([planDigest(plan(), digest), planDigest(plan(), digest)]);
  expect(asked).toBe(1);
});
