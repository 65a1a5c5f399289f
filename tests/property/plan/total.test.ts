import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { DesiredResource } from "../../../src/model/resource.ts";
import { sortTopologically } from "../../../src/graph/dag.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { at } from "../../support/plan-builders.ts";
import { anyInputs, calmInputs } from "../../support/plan-worlds.ts";

/** Ways in which an input can be wrong and still be of the right types: no stack and no driver gives such a one. */
const WRONGS = {
  "everything needs everything": (input: PlanInput) =>
    withResources(input, (each, all) => ({
      ...each,
      dependencies: [...all.map(({ address }) => address), at("nobody")],
    })),
  "all have one name": (input: PlanInput) =>
    withResources(input, (each) => (each.type === "machine" ? { ...each, name: "a" } : { ...each, key: "k_1" })),
  "names that are none": (input: PlanInput) =>
    withResources(input, (each, all) =>
      each.type === "machine" ? { ...each, name: NAMES[all.indexOf(each)] ?? "" } : each,
    ),
  "a clone of nobody": (input: PlanInput) =>
    withResources(input, (each) =>
      each.type === "machine"
        ? { ...each, origin: { kind: "clone", of: { kind: "address", address: at("nobody") } } }
        : each,
    ),
  "a clone of itself": (input: PlanInput) =>
    withResources(input, (each) =>
      each.type === "machine"
        ? { ...each, origin: { kind: "clone", of: { kind: "address", address: each.address } } }
        : each,
    ),
  "values of nobody": (input: PlanInput) =>
    withResources(input, (each) => ({
      ...each,
      lifecycle: { ...each.lifecycle, replaceWhen: [{ "~orbform": "ref", address: at("nobody"), property: "ip4" }] },
    })),
  "everybody was somebody else": (input: PlanInput) =>
    withResources(input, (each, all) => ({
      ...each,
      lifecycle: { ...each.lifecycle, aliases: all.map(({ address }) => address) },
    })),
  "two machines with one id": (input: PlanInput) => ({
    ...input,
    live: {
      ...input.live,
      machines: input.live.machines.flatMap((each) => [each, { ...each, name: `${each.name}2` }]),
    },
  }),
  "another world": (input: PlanInput) => ({ ...input, live: { ...input.live, world: { driver: "other", host: "" } } }),
  "an OrbStack that can nothing": (input: PlanInput) => ({
    ...input,
    live: { ...input.live, capabilities: { version: "", limits: false, isolation: false, cloneNeedsStop: true } },
  }),
  "no time": (input: PlanInput) => ({ ...input, live: { ...input.live, observedAt: Number.NaN } }),
  "only refreshed": (input: PlanInput) => ({ ...input, options: { ...input.options, mode: "refresh-only" as const } }),
} as const satisfies { readonly [name: string]: (input: PlanInput) => PlanInput };

const NAMES = ["", "none", "docker", "-x", "a".repeat(99), "A"];

const wrong = fc
  .tuple(anyInputs, fc.subarray(Object.values(WRONGS), { maxLength: 3 }))
  .map(([input, wrongs]) => wrongs.reduce<PlanInput>((now, make) => make(now), input));

test("planning never throws, whatever it is given", () => {
  fc.assert(
    fc.property(wrong, (input) => {
      expect(plan(input).format).toBe(1);
    }),
    { numRuns: 500 },
  );
});

test("the graph has no cycle", () => {
  fc.assert(
    fc.property(fc.oneof(calmInputs, anyInputs), (input) => {
      const { actions } = plan(input);
      expect(sortTopologically(new Map(actions.map((each) => [each.id, each.after]))).stuck).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("the graph has no cycle but one that is an error, every edge names an action, and everything is sorted", () => {
  fc.assert(
    fc.property(wrong, (input) => {
      const { actions, changes, diagnostics } = plan(input);
      const ids = actions.map(({ id }) => id);
      const isCyclic = sortTopologically(new Map(actions.map((each) => [each.id, each.after]))).stuck.length > 0;
      expect(isCyclic && !diagnostics.some(({ code }) => code === "ORB_DEPENDENCY_CYCLE")).toBe(false);
      expect(actions.flatMap(({ after }) => after).filter((id) => !ids.includes(id))).toEqual([]);
      expect([ids, new Set(ids).size]).toEqual([ids.toSorted(), ids.length]);
      const addresses = changes.map(({ address }) => address);
      expect([addresses, new Set(addresses).size]).toEqual([addresses.toSorted(), addresses.length]);
    }),
    { numRuns: 300 },
  );
});

test("every action belongs to a change, and is listed there in an order in which it can run", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const { actions, changes } = plan(input);
      const listed = changes.flatMap((each) => each.actions);
      expect(listed.toSorted()).toEqual(actions.map(({ id }) => id));
      for (const change of changes) {
        const position = new Map(change.actions.map((id, index) => [id, index]));
        for (const action of actions.filter(({ address }) => address === change.address)) {
          for (const each of action.after) expect(position.get(each) ?? -1).toBeLessThan(position.get(action.id) ?? -1);
        }
      }
    }),
    { numRuns: 200 },
  );
});

function withResources(
  input: PlanInput,
  change: (each: DesiredResource, all: readonly DesiredResource[]) => DesiredResource,
): PlanInput {
  const { resources } = input.desired;
  return { ...input, desired: { ...input.desired, resources: resources.map((each) => change(each, resources)) } };
}
