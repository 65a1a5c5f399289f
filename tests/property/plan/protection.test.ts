import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Action } from "../../../src/model/action.ts";
import type { Address } from "../../../src/model/address.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { Lifecycle } from "../../../src/model/lifecycle.ts";
import type { ResourceState } from "../../../src/model/snapshot.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { ownedIds, priorAt } from "../../support/plan-rules.ts";
import { adoptingInputs, anyInputs, planInputs } from "../../support/plan-worlds.ts";

/** Ids of machines that an action is done to. */
function objectsOf(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((each) => ("target" in each && each.target?.id ? [each.target.id] : []));
}

test("nothing is done to a foreign machine, unless its adoption is asked for or it is one that was on its way", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const owned = ownedIds(input);
      const ours = new Set([...owned.keys(), ...announcedIds(input), ...adoptedIds(input)]);
      expect(objectsOf(plan(input).actions).filter((id) => !ours.has(id))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("nothing is done to a built-in machine, even if its adoption is asked for", () => {
  fc.assert(
    fc.property(anyInputs, (input) => {
      const builtin = new Set<string>(input.live.machines.filter((each) => each.builtin).map(({ id }) => id));
      expect(objectsOf(plan(input).actions).filter((id) => builtin.has(id))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("only an adopted machine is taken in, and only one that is asked for", () => {
  fc.assert(
    fc.property(adoptingInputs, (input) => {
      const adopted = plan(input).actions.flatMap((each) => (each.kind === "adopt" ? [String(each.target.id)] : []));
      const asked = adoptedIds(input);
      expect([adopted.filter((id) => !asked.has(id)), new Set(adopted).size]).toEqual([[], adopted.length]);
    }),
    { numRuns: 300 },
  );
});

test("rule 8: what must not be destroyed is neither deleted nor replaced, and the plan says so", () => {
  fc.assert(
    fc.property(planInputs({ calm: true, asks: true }), fc.boolean(), (input, all) => {
      const guarded = all ? guard(input, true) : input;
      const planned = plan(guarded);
      const protectedAt = lifecyclesOf(guarded);
      const isProtected = (address: Address): boolean => protectedAt.get(address)?.preventDestroy === true;
      // A predecessor that was replaced before is finished off; the machine that is protected is its successor.
      const broken = planned.actions.filter((each) => isProtected(each.address) && destroys(each)).map(({ id }) => id);
      expect(broken).toEqual([]);
      const free = plan(guard(guarded, false));
      fc.pre(!hasErrors(free.diagnostics));
      const refusals = planned.diagnostics.filter((each) => each.code === "ORB_PREVENT_DESTROY");
      const refused = new Set(refusals.map(({ address }) => address));
      const wouldGo = new Set(
        free.actions.filter((each) => isProtected(each.address) && destroys(each)).map(({ address }) => address),
      );
      expect([...wouldGo].filter((address) => !refused.has(address))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

function destroys(action: Action): boolean {
  if (action.kind === "remove") return true;
  return action.kind === "delete" && (!action.deposed || action.replacing);
}

/** The lifecycle that holds at each address: the stack's, else the last applied one. */
function lifecyclesOf(input: PlanInput): ReadonlyMap<Address, Lifecycle> {
  const prior = [...priorAt(input)].map(([address, { lifecycle }]) => [address, lifecycle] as const);
  return new Map([...prior, ...input.desired.resources.map(({ address, lifecycle }) => [address, lifecycle] as const)]);
}

/** The same world with everything protected, or nothing. */
function guard(input: PlanInput, preventDestroy: boolean): PlanInput {
  const resources: { [address: Address]: ResourceState } = {};
  for (const [address, state] of Object.entries(input.prior.resources)) {
    resources[address as Address] = { ...state, lifecycle: { ...state.lifecycle, preventDestroy } };
  }
  const declared = input.desired.resources.map((each) => ({
    ...each,
    lifecycle: { ...each.lifecycle, preventDestroy },
  }));
  return { ...input, desired: { ...input.desired, resources: declared }, prior: { ...input.prior, resources } };
}

/** Machines that bear the name of something on its way and did not exist before. */
function announcedIds({ prior, live }: PlanInput): ReadonlySet<string> {
  const pending = Object.values(prior.resources).flatMap((each) =>
    each.type === "machine" && each.pending ? [each.pending] : [],
  );
  const machines = live.machines.filter(({ id, name }) =>
    pending.some((each) => each.name === name && !each.knownIds.includes(id)),
  );
  return new Set(machines.map(({ id }) => id));
}

function adoptedIds({ options, desired, live }: PlanInput): ReadonlySet<string> {
  const asked = options.adopt.map((each) => {
    if (typeof each === "object") return each.name;
    const declared = desired.resources.find(({ address }) => address === each);
    return declared?.type === "machine" ? declared.name : "";
  });
  const names = new Set(asked);
  return new Set(live.machines.filter(({ name, builtin }) => !builtin && names.has(name)).map(({ id }) => id));
}
