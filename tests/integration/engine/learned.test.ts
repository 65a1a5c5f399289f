import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { applyStack } from "../../../src/engine.ts";
import { PLAIN_REQUEST, type PlanRequest } from "../../../src/engine-types.ts";
import type { ActionKind } from "../../../src/model/action.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import { learnDurations, readDurations } from "../../../src/state/timings.ts";
import { APPLY, fleetyard, type Fleetyard } from "../../support/applied-fleet.ts";
import { stackOf } from "../../support/engine-world.ts";
import { at, desired, desiredSetting, inside, named } from "../../support/execute-builders.ts";

const yards: Fleetyard[] = [];
afterEach(() => {
  for (const yard of yards.splice(0)) yard.remove();
});

function newYard(): Fleetyard {
  const yard = fleetyard();
  yards.push(yard);
  return yard;
}

/** Applies, and gives every action as durations are learned, and how it ended. */
async function ends({ ports }: Fleetyard, resources: readonly DesiredResource[], adopt: PlanRequest["adopt"] = []) {
  const sorted = resources.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const { planned, results } = await applyStack(ports, stackOf(sorted), {
    ...APPLY,
    plan: { ...PLAIN_REQUEST, adopt },
  });
  return planned.plan.actions.map(({ id, kind, address }) => {
    return { kind, key: `${kind} ${address}`, status: results.get(id)?.status };
  });
}

const learned = ({ ports }: Fleetyard) => readDurations(ports.disk, ports.paths.timings);

const base = desired("base", { power: "stopped" });
const clone = {
  origin: { kind: "clone", of: { kind: "address", address: at("base") } },
  dependencies: [at("base")],
} as const;
const EVERY_KIND: readonly ActionKind[] = [
  "adopt",
  "clone",
  "config",
  "create",
  "delete",
  "forget",
  "remove",
  "rename",
  "restart",
  "restore",
  "run",
  "set-default",
  "start",
  "stop",
  "write",
];
const page = inside("file", "page", { path: "/srv/page", content: "x\n" });
const look = inside("command", "look", { run: ["true"] });

test("whatever kind of action goes well is learned from, also inside machines", async () => {
  const yard = newYard();
  const { ports } = yard;
  const seen = new Set<ActionKind>();
  const begin = () => Promise.resolve();
  const path = join(dirname(ports.paths.snapshot), "..", "base.tar.zst");
  const stacks: readonly (() => Promise<Awaited<ReturnType<typeof ends>>>)[] = [
    () =>
      ends(yard, [
        base,
        desired("web", { ...clone, settings: { cpus: 1 } }),
        page,
        look,
        desiredSetting("memory_mib", 8192),
      ]),
    () => ends(yard, [base, desired("web", { ...clone, name: "www", settings: { cpus: 2 }, default: true })]),
    async () => {
      await ports.driver.perform({ verb: "export", name: named("base"), path }, { begin });
      await ports.driver.perform({ verb: "create", name: named("old"), distro: "ubuntu", settings: {} }, { begin });
      const restored = desired("back", { origin: { kind: "restore", path, digest: "sha256:1" } });
      const web = desired("web", { ...clone, name: "www", settings: { cpus: 2 }, power: "stopped" });
      return ends(yard, [desired("old"), restored, web], [at("old")]);
    },
  ];
  for (const apply of stacks) {
    const ended = await apply();
    expect(ended.filter(({ status }) => status !== "succeeded")).toEqual([]);
    const durations = await learned(yard);
    for (const { kind, key } of ended) {
      expect([kind, key].filter((each) => !durations.has(each))).toEqual([]);
      seen.add(kind);
    }
  }
  expect([...seen].toSorted()).toEqual(EVERY_KIND);
});

test("nothing is learned from what failed, what was not begun, or what never became ready", async () => {
  const yard = newYard();
  const ended = await ends(yard, [
    desired("gone", { origin: { kind: "image", distro: "nosuch" } }),
    desired("needs-gone", { dependencies: [at("gone")] }),
    desired("web"),
    desired("never", { ready: { kind: "command", command: ["false"], timeoutMs: 50 } }),
    inside("command", "bad", { run: ["false"] }),
  ]);
  expect(Object.fromEntries(ended.map(({ key, status }) => [key, status]))).toEqual({
    "create machine.gone": "failed",
    "create machine.needs-gone": "skipped",
    "create machine.never": "failed",
    "create machine.web": "succeeded",
    "run command.bad": "failed",
  });
  expect([...(await learned(yard)).keys()]).toEqual(["create", "create machine.web"]);
});

test("what was learned is what the next plan expects, and orders by", async () => {
  const yard = newYard();
  await ends(yard, [desired("web"), page]);
  const { ports } = yard;
  await learnDurations(ports.disk, ports.paths.timings, [{ kind: "write", address: "file.page", ms: 60_000 }]);
  const durations = await learned(yard);
  const changed = inside("file", "page", { path: "/srv/page", content: "y\n" });
  const { plan } = await yard.plan([changed, desired("web")]);
  expect(plan.actions.map(({ id, expectedMs }) => [id, expectedMs])).toEqual([
    ["file.page:write", durations.get("write file.page")],
  ]);
  expect(durations.get("write file.page")).toBeGreaterThan(20_000);
});
