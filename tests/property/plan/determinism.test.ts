import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { hashText } from "../../../src/state/digest.ts";
import { at, desiredMachine, digest, liveMachine, planOf } from "../../support/plan-builders.ts";
import { anyInputs } from "../../support/plan-worlds.ts";

test("the same input gives the same plan to the byte", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const copy = { ...structuredClone({ ...input, digest: undefined, hashText: undefined }), digest, hashText };
      expect(JSON.stringify(plan(copy))).toBe(JSON.stringify(plan(input)));
    }),
    { numRuns: 200 },
  );
});

test("the order of what is declared, recorded and observed does not change a byte", () => {
  fc.assert(
    fc.property(anyInputs, fc.nat(), (input, seed) => {
      expect(JSON.stringify(plan(shuffledInput(input, seed)))).toBe(JSON.stringify(plan(input)));
    }),
    { numRuns: 400 },
  );
});

test("the order of adoptions does not decide whose a machine is that two are to adopt", () => {
  const adopt = [at("a"), at("b")].map((address) => ({ address, name: "stranger" }));
  const clone = desiredMachine("c", { origin: { kind: "clone", of: { kind: "existing", name: "stranger" } } });
  const desired = [desiredMachine("a"), desiredMachine("b"), clone];
  const planned = (order: typeof adopt) =>
    JSON.stringify(planOf({ desired, live: [liveMachine("stranger")], options: { adopt: order } }));
  expect(planned(adopt.toReversed())).toBe(planned(adopt));
});

function shuffledInput(input: PlanInput, seed: number): PlanInput {
  const list = <T>(all: readonly T[]): readonly T[] => shuffled(all, seed);
  const keys = <T extends object>(all: T): T => Object.fromEntries(list(Object.entries(all))) as T;
  const { desired, prior, live, options } = input;
  return {
    ...input,
    desired: { ...desired, resources: list(desired.resources), outputs: keys(desired.outputs) },
    prior: { ...prior, resources: keys(prior.resources), outputs: keys(prior.outputs) },
    live: {
      ...live,
      machines: list(live.machines),
      settings: keys(live.settings),
      probes: keys(live.probes),
      inside: keys(live.inside),
      claims: keys(live.claims),
    },
    options: {
      ...options,
      targets: list(options.targets),
      excludes: list(options.excludes),
      replace: list(options.replace),
      adopt: list(options.adopt),
    },
  };
}

/** In an order that depends on the seed and on what is in it. */
function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const key = (each: T): string => digest([seed, JSON.stringify(each)]);
  return all.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}
