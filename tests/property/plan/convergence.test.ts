import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { MachineFacts } from "../../../src/model/machine.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import type { MachineResource } from "../../../src/model/snapshot.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import { sortTopologically } from "../../../src/graph/dag.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { applyPlan } from "../../support/plan-apply.ts";
import { at, cloneOf, desiredMachine, inputOf, liveMachine, stateOf } from "../../support/plan-builders.ts";

const KEYS = ["a", "b", "c", "d", "e", "f"];

/** One machine: how it stands in the stack, in state and in the world. */
const slot = fc.record({
  desired: fc.boolean(),
  inState: fc.boolean(),
  alive: fc.constantFrom(true, true, true, false),
  source: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  cpus: fc.option(fc.constantFrom(1, 2, null), { nil: undefined }),
  user: fc.option(fc.constantFrom("me", "ann"), { nil: undefined }),
  distro: fc.constantFrom("debian", "debian", "ubuntu"),
  power: fc.constantFrom("running" as const, "running" as const, "stopped" as const, "any" as const),
  state: fc.constantFrom("running" as const, "stopped" as const),
  first: fc.boolean(),
  prevent: fc.constantFrom(false, false, false, true),
  needs: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

/** Names as the stack wants them and as they are: two arrangements of one set, so that rings of names come up. */
const worlds = fc
  .record({
    slots: fc.array(slot, { minLength: 6, maxLength: 6 }),
    wanted: fc.shuffledSubarray(KEYS, { minLength: 6 }),
    found: fc.shuffledSubarray(KEYS, { minLength: 6 }),
    foreign: fc.boolean(),
    chosen: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
  })
  .map(({ slots, wanted, found, foreign, chosen }) => {
    const desired: DesiredMachine[] = [];
    const prior: { [key: string]: MachineResource } = {};
    const live: MachineFacts[] = foreign ? [liveMachine("foreign")] : [];
    for (const [index, each] of slots.entries()) {
      const key = `m${index}`;
      const earlier = (other: number | undefined) =>
        other !== undefined && other < index && slots[other]?.desired === true;
      const needs = earlier(each.needs) ? [at(`m${each.needs}`)] : [];
      const given = {
        name: wanted[index] ?? key,
        power: each.power,
        default: chosen === index,
        settings: {
          ...(each.cpus !== undefined && { cpus: each.cpus }),
          ...(each.user !== undefined && { user: each.user }),
        },
        lifecycle: { ...DEFAULT_LIFECYCLE, createBeforeDestroy: each.first, preventDestroy: each.prevent },
      };
      const made = earlier(each.source)
        ? cloneOf(key, `m${each.source}`, {
            ...given,
            dependencies: [...new Set([at(`m${each.source}`), ...needs])].toSorted(),
          })
        : desiredMachine(key, { ...given, origin: { kind: "image", distro: each.distro }, dependencies: needs });
      if (each.desired) desired.push(made);
      const machine = liveMachine(found[index] ?? key, { state: each.state });
      if (each.inState) prior[key] = stateOf({ ...made, settings: {}, default: false }, machine);
      if (each.inState && each.alive) live.push(machine);
    }
    return { desired, prior, live };
  });

const inputs = worlds.map(inputOf);

function isAppliable(input: PlanInput): boolean {
  return !hasErrors(plan(input).diagnostics);
}

test("after apply, the plan is empty and no law was broken", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      fc.pre(isAppliable(input));
      const applied = applyPlan(input, plan(input));
      expect(applied.violations).toEqual([]);
      const next = plan(applied.input);
      expect([next.changes, next.actions, next.drift, next.diagnostics, next.settled]).toEqual([[], [], [], [], {}]);
    }),
    { numRuns: 600 },
  );
});

test("foreign machines are never touched", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const ours = new Set(
        Object.values(input.prior.resources).map((each) => (each.type === "machine" ? each.id : "")),
      );
      const targets = plan(input).actions.flatMap((each) =>
        "target" in each && each.target?.id ? [each.target.id] : [],
      );
      expect(targets.filter((id) => !ours.has(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("what must not be destroyed is never deleted", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const lifecycles = new Map(input.desired.resources.map((each) => [each.address, each.lifecycle]));
      const guarded = plan(input)
        .actions.filter((each) => each.kind === "delete")
        .filter(
          ({ address }) => (lifecycles.get(address) ?? input.prior.resources[address]?.lifecycle)?.preventDestroy,
        );
      expect(guarded).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the order of what is observed and declared does not matter", () => {
  fc.assert(
    fc.property(inputs, fc.nat(), (input, turn) => {
      const shuffled: PlanInput = {
        ...input,
        desired: { ...input.desired, resources: rotated(input.desired.resources, turn) },
        live: { ...input.live, machines: rotated(input.live.machines, turn) },
        prior: { ...input.prior, resources: Object.fromEntries(Object.entries(input.prior.resources).toReversed()) },
      };
      expect(JSON.stringify(plan(shuffled))).toBe(JSON.stringify(plan(input)));
    }),
    { numRuns: 300 },
  );
});

test("the graph has no cycle, and every edge names an action", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { actions } = plan(input);
      const ids = new Set(actions.map((each) => each.id));
      expect(sortTopologically(new Map(actions.map((each) => [each.id, each.after]))).stuck).toEqual([]);
      expect(actions.flatMap((each) => each.after).filter((id) => !ids.has(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

function rotated<T>(list: readonly T[], turn: number): readonly T[] {
  const at = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(at), ...list.slice(0, at)].toReversed();
}
