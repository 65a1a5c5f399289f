/** Whose what lies inside machines is, as plans decide it. */
import { describe, expect, test } from "vitest";
import type { Address } from "../../../src/model/address.ts";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import type { PlanOptions } from "../../../src/plan/plan-input.ts";
import { inside } from "../../support/execute-builders.ts";
import { at, changesOf, desiredMachine, errorsOf, liveMachine, planOf, stateOf } from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const webState = stateOf(web, live);

type Installed = { readonly [name: string]: string | null };

const facts = (installed: Installed): InsideFacts => ({ type: "packages", manager: "apt", installed, newer: {} });

function asking(key: string, names: readonly string[], lifecycle = {}) {
  const install = Object.fromEntries(names.map((name) => [name, "present"]));
  return inside("packages", key, { install, remove: [] }, { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } });
}

function applied(inputs: InsideWish, seen: InsideFacts, original: InsideFacts): InsideResource {
  const { type } = inputs;
  const dependencies = [web.address];
  return {
    type,
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies,
    on: web.address,
    machine: live.id,
    inputs,
    seen,
    original,
  };
}

/** Packages that we installed, and that are there. */
function ours(...names: readonly string[]): InsideResource {
  const each = <T>(value: T): { readonly [name: string]: T } => Object.fromEntries(names.map((name) => [name, value]));
  const inputs = { type: "packages", install: each("present"), remove: [] } as const;
  return applied(inputs, facts(each("1")), facts(each(null)));
}

interface World {
  readonly desired: Parameters<typeof planOf>[0]["desired"];
  readonly prior: { readonly [address: string]: InsideResource };
  readonly found?: { readonly [address: Address]: InsideFacts };
  readonly power?: "running" | "stopped";
  readonly options?: Partial<PlanOptions>;
}

function planned({ desired = [], prior, found = {}, power = "running", options = {} }: World) {
  return planOf({
    desired,
    prior: { "machine.web": webState, ...prior },
    live: [{ ...live, state: power }],
    liveMore: { inside: found },
    options,
  });
}

describe("packages of ours that another resource asks for", () => {
  const heir = asking("b", ["z", "x"]);
  const world = {
    desired: [web, heir],
    prior: { "packages.a": ours("x"), "packages.b": ours("z") },
    found: { [heir.address]: facts({ z: "1", x: "1" }) },
  };

  test("are the other's before anything runs, though nothing is done for it", () => {
    const plan = planned(world);
    expect(changesOf(plan)).toEqual(["packages.a forget (forget: kept)"]);
    expect(plan.refreshed[heir.address]).toMatchObject({
      inputs: { install: { z: "present", x: "present" } },
      original: { installed: { z: null, x: null } },
    });
  });

  test("are not recorded so where nothing but what is seen is to be", () => {
    const plan = planned({ ...world, options: { mode: "refresh-only" } });
    expect(plan.refreshed[heir.address]).toHaveProperty("inputs.install", { z: "present" });
  });

  test("are not the other's where it ignores them", () => {
    const ignoring = asking("b", ["z", "x"], { ignoreChanges: ["install"] });
    expect(planned({ ...world, desired: [web, ignoring] }).refreshed).toEqual({});
  });

  test("wait for a plan that is about the other, and are said to", () => {
    const plan = planned({ ...world, options: { excludes: [heir.address] } });
    expect([changesOf(plan), plan.refreshed, plan.settled]).toEqual([[], {}, {}]);
    expect(plan.diagnostics).toMatchObject([{ severity: "warning", code: "ORB_TARGETED", address: "packages.a" }]);
  });

  test.each([
    ["1", { z: "present", x: "present" }],
    [null, { z: "present" }],
  ])("stay with who drops them until then, as long as they are there (%j)", (version, install) => {
    const dropping = asking("a", ["z"], { retries: 5 });
    const plan = planned({
      desired: [web, dropping, asking("b", ["x"])],
      prior: { "packages.a": ours("z", "x") },
      found: { [dropping.address]: facts({ z: "1", x: version }) },
      options: { excludes: [at("packages.b")] },
    });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.settled[dropping.address]).toHaveProperty("properties.install", install);
  });
});

describe("a package that was dropped", () => {
  test("is looked for where nobody has looked at it, and goes", () => {
    const dropping = asking("a", ["z"]);
    const world = { desired: [web, dropping], prior: { "packages.a": ours("z", "x") } };
    const plan = planned({ ...world, found: { [dropping.address]: facts({ z: "1" }) } });
    expect(changesOf(plan)).toEqual(["packages.a update"]);
    expect(plan.actions).toMatchObject([{ kind: "write", properties: { remove: ["x"] } }]);
  });
});

describe("what lies in a machine that is not destroyed with it", () => {
  const page = inside("file", "page", { path: "/srv/page", content: "" });
  const there: InsideFacts = { type: "file", kind: "file", digest: "d1" };
  const written = applied({ type: "file", path: "/srv/page", digest: "d1" }, there, { type: "file", kind: "absent" });
  const world = { desired: [web, page], prior: { "file.page": written }, found: { [page.address]: there } };

  test("is taken away where it is aimed at alone", () => {
    const plan = planned({ ...world, options: { mode: "destroy", targets: [page.address] } });
    expect(changesOf(plan)).toEqual(["file.page delete (delete: destroy)"]);
    expect(plan.actions.map(({ id }) => id)).toEqual(["file.page:remove"]);
  });

  test("is out of reach where that does not run: it is not started", () => {
    const plan = planned({
      ...world,
      found: {},
      power: "stopped",
      options: { mode: "destroy", targets: [page.address] },
    });
    expect(errorsOf(plan)).toEqual(["ORB_GUEST_UNAVAILABLE file.page"]);
  });

  test("goes with its machine where that goes, and stays where that is let go of", () => {
    const notes = (lifecycle: object) => {
      const machine = { ...web, lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } };
      const plan = planned({ ...world, desired: [machine, page], options: { mode: "destroy" } });
      return plan.changes.find(({ address }) => address === page.address)?.notes.at(-1);
    };
    expect(notes({})).toBe("it goes with its machine");
    for (const lifecycle of [{ retain: true }, { preventDestroy: true }])
      expect(notes(lifecycle)).toBe("it stays in its machine, which is kept");
  });

  test.each([
    ["is destroyed otherwise", { mode: "destroy" }, [web, page]],
    ["left the stack with it", {}, []],
    ["is in the stack still", {}, [web]],
  ] as const)("is left out with its machine where that %s", (_, options, desired) => {
    const plan = planned({ ...world, desired, options: { ...options, excludes: [web.address] } });
    expect([changesOf(plan), plan.actions]).toEqual([[], []]);
  });

  test("is not taken away from a machine that does not run and that the plan leaves as it is", () => {
    const plan = planned({ ...world, desired: [web], power: "stopped", options: { targets: [page.address] } });
    expect([errorsOf(plan), plan.settled]).toEqual([["ORB_GUEST_UNAVAILABLE file.page"], {}]);
  });
});
