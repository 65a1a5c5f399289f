import { expect, test } from "vitest";
import {
  at,
  cloneOf,
  desiredMachine,
  errorsOf,
  graphOf,
  liveMachine,
  planOf,
  stateOf,
} from "../../support/plan-builders.ts";

function settled(name: string, given = {}) {
  const desired = desiredMachine(name, given);
  const live = liveMachine(name);
  return { desired, live, state: stateOf(desired, live) };
}

test("rule 4: a machine of the stack that is cloned by its name is as it will be when it is cloned", () => {
  const golden = settled("golden", { settings: { cpus: 4 }, power: "stopped" });
  const origin = { kind: "clone" as const, of: { kind: "existing" as const, name: "golden" } };
  const plan = planOf({
    desired: [golden.desired, desiredMachine("app", { origin, power: "stopped", settings: { cpus: 2 } })],
    prior: { golden: stateOf(desiredMachine("golden"), golden.live) },
    live: [golden.live],
  });
  expect(graphOf(plan)).toEqual([
    "machine.app:clone < machine.golden:config",
    "machine.app:config < machine.app:clone",
    "machine.golden:config < machine.golden:stop",
    "machine.golden:stop",
  ]);
});

test("rule 4: a machine is not cloned from the one it replaces", () => {
  const web = settled("web", { origin: { kind: "clone", of: { kind: "existing", name: "web" } } });
  const plan = planOf({
    desired: [web.desired],
    prior: { web: web.state },
    live: [web.live],
    options: { replace: [at("web")] },
  });
  expect([errorsOf(plan), plan.actions]).toEqual([["ORB_PROPERTY_INVALID machine.web"], []]);
});

test("rule 4: a machine that a dead run stopped, and that is started again, is stopped while it is cloned", () => {
  const base = settled("base", { power: "any" });
  const plan = planOf({
    desired: [base.desired, cloneOf("web", "base", { power: "stopped" })],
    prior: { base: { ...base.state, returnTo: "running" } },
    live: [{ ...base.live, state: "stopped" }],
    liveMore: { capabilities: { version: "", limits: true, isolation: true, cloneNeedsStop: true } },
  });
  expect(graphOf(plan)).toContain("machine.base:stop-for-clone < machine.base:start");
});

test("a restored machine is given OrbStack's default where the stack says null and OrbStack has the setting", () => {
  const origin = { kind: "restore" as const, path: "/a.tar.zst", digest: "sha256:1" };
  const desired = [desiredMachine("web", { origin, power: "stopped", settings: { cpus: null } })];
  const older = { version: "2.1.0", limits: false, isolation: true, cloneNeedsStop: false };
  const configs = (capabilities = {}) =>
    planOf({ desired, liveMore: capabilities }).actions.flatMap((each) =>
      each.kind === "config" ? [each.settings] : [],
    );
  expect([configs(), configs({ capabilities: older })]).toEqual([[{ cpus: 0 }], []]);
});
