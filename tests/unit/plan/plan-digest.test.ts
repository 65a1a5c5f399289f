import { expect, test } from "vitest";
import { planDigest } from "../../../src/plan/plan-digest.ts";
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
