import { describe, expect, it } from "vitest";
import { address, type Address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import { desiredMachine, liveMachine, planOf, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { inside } from "../../support/execute-builders.ts";
import { insideState } from "../../support/plan-apply-state.ts";

const told = ({ diagnostics }: Plan) =>
  diagnostics.filter(({ code }) => code === "ORB_LOOKS_MOVED").map(({ detail }) => pairIn(detail));

function pairIn(detail: string): string {
  const [from, to] = detail.match(/[\w/]+\.\w+/g) ?? [];
  return `${from} → ${to}`;
}

/** Machines that are in state and there, and others that the stack wants. */
function moved(before: readonly DesiredMachine[], after: readonly DesiredMachine[], more: Worlds = {}): Plan {
  const live = before.map(({ name }) => liveMachine(name));
  const prior = before.map((each, at) => [each.address, stateOf(each, live[at] ?? liveMachine("x"))] as const);
  return planOf({ ...more, desired: after, prior: Object.fromEntries(prior), live });
}

const at = (key: string, ...path: readonly string[]): Address => address("machine", key, path);
const named = (key: string, name: string) => desiredMachine(key, { name });
const life = (given: object) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });

describe("a machine that leaves and one that comes", () => {
  it("look moved by their name, whatever else is asked of the one that comes", () => {
    const other = { name: "one", settings: { cpus: 4 }, origin: { kind: "image", distro: "alpine" } } as const;
    expect(told(moved([named("a", "one")], [desiredMachine("b", other)]))).toEqual(["machine.a → machine.b"]);
  });

  it("look moved by all that is asked of them, whatever they are called", () => {
    const alike = { settings: { cpus: 4 } };
    const others = [desiredMachine("c"), desiredMachine("d", { ...alike, groups: ["x"] })];
    const plan = moved([desiredMachine("a", alike)], [...others, desiredMachine("b", alike)]);
    expect(told(plan)).toEqual(["machine.a → machine.b"]);
  });

  it("don't look moved where something else is asked", () => {
    expect(told(moved([desiredMachine("a", { settings: { cpus: 2 } })], [desiredMachine("b")]))).toEqual([]);
  });

  it("are told of also where the old one is protected, and not where it is retained", () => {
    const before = (given: object) => [desiredMachine("a", life(given))];
    expect(told(moved(before({ preventDestroy: true }), [desiredMachine("b")]))).toEqual(["machine.a → machine.b"]);
    expect(told(moved(before({ retain: true }), [desiredMachine("b")]))).toEqual([]);
  });

  it("are paired by their keys first, each once", () => {
    const before = ["a", "b", "c"].map((key) => desiredMachine(key));
    const after = ["b", "x", "y"].map((key) => desiredMachine(key, { address: at(key, "tier"), name: `tier-${key}` }));
    expect(told(moved(before, after))).toEqual([
      "machine.a → tier/machine.x",
      "machine.b → tier/machine.b",
      "machine.c → tier/machine.y",
    ]);
  });

  it("are none of a replacement, of an alias, of a destroyed stack or of a refresh", () => {
    const [a, b] = [desiredMachine("a"), desiredMachine("b")];
    const replaced = desiredMachine("a", { origin: { kind: "image", distro: "alpine" } });
    expect(told(moved([a], [replaced]))).toEqual([]);
    expect(told(moved([a], [desiredMachine("b", life({ aliases: [a.address] }))]))).toEqual([]);
    expect(told(moved([a], [b], { options: { mode: "destroy" } }))).toEqual([]);
    expect(told(moved([a], [b], { options: { mode: "refresh-only" } }))).toEqual([]);
  });

  it("are none where the plan leaves one of them out", () => {
    const [a, b, c] = [desiredMachine("a"), desiredMachine("b"), desiredMachine("c", { settings: { cpus: 2 } })];
    expect(told(moved([a], [b, c], { options: { excludes: [b.address] } }))).toEqual([]);
    expect(told(moved([a], [b, c], { options: { targets: [b.address] } }))).toEqual([]);
  });

  it("get a warning each, and from the twenty-first on one together", () => {
    const keys = Array.from({ length: 500 }, (_, index) => `k${index}`);
    const before = keys.map((key) => desiredMachine(key));
    const after = keys.map((key) => desiredMachine(key, { address: at(key, "all"), name: `all-${key}` }));
    const { diagnostics } = moved(before, after);
    const codes = diagnostics.filter(({ code }) => code === "ORB_LOOKS_MOVED");
    expect(codes).toHaveLength(21);
    expect(codes.at(-1)?.detail.match(/ → /g)).toHaveLength(480);
  });
});

describe("what lies in a machine", () => {
  const web = desiredMachine("web");
  const live = liveMachine("web");
  const page = (key: string, path: string, on = web.address) =>
    inside("file", key, { path, content: "x", mode: 0o644 }, { on, dependencies: [on] });
  const stateIn = (of: ReturnType<typeof page>) =>
    insideState(of, { machine: live, look: () => undefined, states: new Map() });

  const planIn = (before: ReturnType<typeof page>, after: Worlds["desired"]): Plan => {
    const state = stateIn(before);
    if (state === undefined) throw new Error("a builder needs known values");
    const prior = { web: stateOf(web, live), [before.address]: state };
    const found = { [before.address]: state.seen };
    return planOf({ desired: after ?? [], prior, live: [live], liveMore: { inside: found } });
  };

  it("looks moved by its path", () => {
    expect(told(planIn(page("a", "/srv/a"), [web, page("b", "/srv/a")]))).toEqual(["file.a → file.b"]);
    expect(told(planIn(page("a", "/srv/a"), [web, page("b", "/srv/b")]))).toEqual([]);
  });

  it("moves with its machine", () => {
    const front = desiredMachine("front", { name: "web" });
    const plan = planIn(page("a", "/srv/a"), [front, page("b", "/srv/a", front.address)]);
    expect(told(plan)).toEqual(["file.a → file.b", "machine.web → machine.front"]);
  });
});
