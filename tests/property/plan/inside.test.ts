import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isInsideAction, type Action } from "../../../src/model/action.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { InsideFacts } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredInside, DesiredMachine } from "../../../src/model/resource.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { closure } from "../../../src/graph/dag.ts";
import { decodePlan, encodePlan } from "../../support/plan-text.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { hashText } from "../../../src/state/digest.ts";
import { inside } from "../../support/execute-builders.ts";
import { applyPlan } from "../../support/plan-apply.ts";
import { insideState } from "../../support/plan-apply-state.ts";
import { planInputs } from "../../support/plan-worlds.ts";

/** What is drawn of one thing inside: which, in which machine, as it was and as it is wanted, and how it is found. */
interface Slot {
  readonly kind: "file" | "directory" | "packages" | "service" | "user" | "command";
  readonly machine: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly found: "as applied" | "otherwise" | "gone";
  readonly prevents: boolean;
  readonly restarts: boolean;
  readonly unfinished: boolean;
}

const slot: fc.Arbitrary<Slot> = fc.record({
  kind: fc.constantFrom("file", "directory", "packages", "service", "user", "command"),
  machine: fc.nat(5),
  before: fc.option(fc.nat(1)),
  after: fc.option(fc.nat(1)),
  found: fc.constantFrom("as applied", "as applied", "otherwise", "gone"),
  prevents: fc.nat(5).map((each) => each === 0),
  restarts: fc.boolean(),
  unfinished: fc.nat(5).map((each) => each === 0),
});

const slots = fc.array(slot, { minLength: 1, maxLength: 8 });

/** A world of machines with things inside them. */
const worlds = (asks: boolean) =>
  fc.tuple(planInputs({ calm: true, asks }), slots).map(([input, drawn]) => furnished(input, drawn));

const PROPERTIES: { readonly [K in Slot["kind"]]: (at: number, version: number) => DesiredInside["properties"] } = {
  file: (at, version) => ({ path: `/srv/${at}`, content: `${version}\n`, mode: 0o644 }),
  directory: (at, version) => ({ path: `/srv/${at}`, mode: version === 0 ? 0o755 : 0o700 }),
  packages: (at, version) => ({ install: { [`p${at}`]: "present", [`v${version}`]: "present" } }),
  service: (at, version) => ({ name: `s${at}`, running: true, enabled: version === 0 }),
  user: (at, version) => ({ name: `u${at}`, shell: version === 0 ? "/bin/sh" : "/bin/bash" }),
  command: (at, version) => ({ run: "true", triggers: `${at} ${version}` }),
};

function furnished(input: PlanInput, drawn: readonly Slot[]): PlanInput {
  const machines = input.desired.resources.filter((each) => each.type === "machine");
  if (machines.length === 0) return input;
  const desired: DesiredInside[] = [];
  const prior: [string, InsideResource][] = [];
  const found: [string, InsideFacts][] = [];
  for (const [index, each] of drawn.entries()) {
    const machine = machines[each.machine % machines.length];
    if (machine === undefined) continue;
    const watched = each.restarts ? desired.filter(({ on }) => on === machine.address).slice(0, 1) : [];
    const made = (version: number): DesiredInside => declared(machine, { each, index, version, watched });
    if (each.after !== null) desired.push(made(each.after));
    const state = each.before === null ? undefined : stateIn(input, machine, { ...made(each.before), restartOn: [] });
    if (state === undefined) continue;
    prior.push([made(0).address, { ...state, ...(each.unfinished && { unfinished: true as const }) }]);
    const runs = input.live.machines.some(({ id, state: power }) => id === state.machine && power === "running");
    if (runs) found.push([made(0).address, foundAs(state.seen, each.found)]);
  }
  const resources = { ...input.prior.resources, ...Object.fromEntries(prior) };
  return {
    ...input,
    desired: { ...input.desired, resources: [...input.desired.resources, ...desired] },
    prior: { ...input.prior, resources },
    live: { ...input.live, inside: Object.fromEntries(found) },
  };
}

interface Declaring {
  readonly each: Slot;
  readonly index: number;
  readonly version: number;
  readonly watched: readonly DesiredInside[];
}

function declared(machine: DesiredMachine, { each, index, version, watched }: Declaring): DesiredInside {
  return inside(each.kind, `i${index}`, PROPERTIES[each.kind](index, version), {
    on: machine.address,
    restartOn: each.kind === "service" ? watched.map(({ address }) => address) : [],
    dependencies: each.kind === "service" ? [] : watched.map(({ address }) => address),
    lifecycle: { ...DEFAULT_LIFECYCLE, preventDestroy: each.prevents },
  });
}

function stateIn(input: PlanInput, { address }: DesiredMachine, applied: DesiredInside): InsideResource | undefined {
  const state = input.prior.resources[address];
  const machine = input.live.machines.find(({ id }) => state?.type === "machine" && id === state.id);
  return machine && insideState(applied, { machine, look: () => undefined, states: new Map() });
}

function foundAs(seen: InsideFacts, how: Slot["found"]): InsideFacts {
  if (how === "as applied") return seen;
  switch (seen.type) {
    case "file":
      return how === "gone"
        ? { type: "file", kind: "absent" }
        : { ...seen, kind: "file", digest: hashText("other\n"), size: 6, text: "other\n" };
    case "directory":
      return how === "gone" ? { type: "directory", kind: "absent" } : { ...seen, mode: 0o777 };
    case "packages":
      return { ...seen, installed: Object.fromEntries(Object.keys(seen.installed).map((name) => [name, null])) };
    case "service":
      return { ...seen, running: false };
    case "user":
      return how === "gone" ? { type: "user", exists: false } : { ...seen, shell: "/bin/zsh" };
    case "command":
    case "unavailable":
    default:
      return seen;
  }
}

test("after apply, nothing is left to do inside, and no law was broken", () => {
  fc.assert(
    fc.property(worlds(false), (input) => {
      const planned = plan(input);
      fc.pre(!hasErrors(planned.diagnostics));
      const applied = applyPlan(input, planned);
      const { changes, actions, drift, refreshed, settled, diagnostics } = plan(applied.input);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      const left = { changes, actions, drift, refreshed, settled, errors };
      expect([applied.violations, left]).toEqual([
        [],
        { changes: [], actions: [], drift: [], refreshed: {}, settled: {}, errors: [] },
      ]);
    }),
    { numRuns: 400 },
  );
});

test("the same input gives the same plan to the byte, in whatever order it comes, and through its file", () => {
  fc.assert(
    fc.property(worlds(true), (input) => {
      const planned = plan(input);
      const { desired, prior, live } = input;
      const turned = {
        ...input,
        desired: { ...desired, resources: desired.resources.toReversed() },
        prior: { ...prior, resources: Object.fromEntries(Object.entries(prior.resources).toReversed()) },
        live: { ...live, inside: Object.fromEntries(Object.entries(live.inside).toReversed()) },
      };
      expect(JSON.stringify(plan(turned))).toBe(JSON.stringify(planned));
      expect(decodePlan(encodePlan(planned), "a file")).toEqual(planned);
    }),
    { numRuns: 300 },
  );
});

test("inside one machine one thing is done at a time, while it runs, and before it is stopped, cloned or gone", () => {
  fc.assert(
    fc.property(worlds(true), (input) => {
      const { actions, diagnostics } = plan(input);
      fc.pre(!hasErrors(diagnostics));
      const waits = new Map(actions.map((each) => [each.id, [...each.after, ...(each.afterEnd ?? [])]]));
      const isOrdered = (one: Action, other: Action): boolean =>
        closure([one.id], waits).has(other.id) || closure([other.id], waits).has(one.id);
      const inner = actions.filter(isInsideAction);
      for (const action of inner) {
        const { address } = action.target;
        const others = actions.filter(
          (each) =>
            each !== action &&
            (("target" in each &&
              each.target !== null &&
              each.target.address === address &&
              each.kind !== "set-default") ||
              (each.kind === "clone" && each.source.address === address) ||
              (["create", "clone", "restore"].includes(each.kind) && each.address === address)),
        );
        for (const other of others)
          expect([action.id, other.id, isOrdered(action, other)]).toEqual([action.id, other.id, true]);
      }
    }),
    { numRuns: 300 },
  );
});

test("what prevents its destruction is never taken away", () => {
  fc.assert(
    fc.property(worlds(true), (input) => {
      const { actions } = plan(input);
      const kept = new Set(
        Object.entries(input.prior.resources).flatMap(([address, each]) => {
          const asked = input.desired.resources.find((one) => one.address === address);
          const { preventDestroy } = asked?.lifecycle ?? each.lifecycle;
          return preventDestroy && asked === undefined ? [address] : [];
        }),
      );
      expect(actions.filter((each) => each.kind === "remove" && kept.has(each.address))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("only what is aimed at is done inside, with the machine it lies in", () => {
  fc.assert(
    fc.property(worlds(false), fc.nat(), fc.boolean(), (input, which, isTarget) => {
      const all = input.desired.resources.filter((each) => each.type !== "machine" && each.type !== "setting");
      const chosen = all[which % Math.max(1, all.length)];
      fc.pre(chosen !== undefined && !hasErrors(plan(input).diagnostics));
      const options = { ...input.options, [isTarget ? "targets" : "excludes"]: [chosen.address] };
      const { actions } = plan({ ...input, options });
      const done = new Set(actions.map(({ address }) => address));
      const needs = new Map(input.desired.resources.map((each) => [each.address, each.dependencies]));
      const wanted = closure([chosen.address], needs);
      const isAstray = (address: string): boolean =>
        isTarget
          ? isInsideAddress(address) && ![...wanted].some((each) => each === address)
          : address === chosen.address;
      expect([...done].filter(isAstray)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const isInsideAddress = (address: string): boolean => !/^(?:machine|setting)\./.test(address);
