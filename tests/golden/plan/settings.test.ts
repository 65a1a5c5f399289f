import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { Json } from "../../../src/model/json.ts";
import type { DesiredSetting } from "../../../src/model/resource.ts";
import type { SettingResource } from "../../../src/model/snapshot.ts";
import {
  at,
  desiredMachine,
  desiredSetting,
  liveMachine,
  planOf,
  settingState,
  stateOf,
  type Worlds,
} from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] };

const applied = desiredSetting("memory_mib", 8192);
const web = desiredMachine("web");
const live = liveMachine("web");
const db = desiredMachine("db");
const liveDb = liveMachine("db");
const life = (given: Given<typeof DEFAULT_LIFECYCLE>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const ref = (address: string, property: string) => ({ "~orbform": "ref" as const, address: at(address), property });
const claims = { memory_mib: "Another state has it." };

interface Told {
  readonly desired?: Given<DesiredSetting>;
  readonly state?: Given<SettingResource>;
  readonly found?: string | null;
  readonly more?: Worlds;
}

/** The setting as it was applied with 8192 over 4096, is in the stack as given and found as given. */
function kept({ desired = {}, state = {}, found = "8192", more = {} }: Told): Worlds {
  return {
    desired: [desiredSetting("memory_mib", 8192, desired)],
    prior: { "setting.memory_mib": { ...settingState(applied, "4096", "8192"), ...state } },
    ...more,
    liveMore: { settings: found === null ? {} : { memory_mib: found }, ...more.liveMore },
  };
}

const removed = (told: Told): Worlds => ({ ...kept(told), desired: told.more?.desired ?? [] });
const output = (value: Json | ReturnType<typeof ref>, sensitive = false) => ({ value, sensitive });
const fleet: Worlds = { desired: [web, db], prior: { web: stateOf(web, live), db: stateOf(db, liveDb) }, live: [live, liveDb] };
const chain: Worlds = {
  desired: [desiredMachine("app", { dependencies: [at("web")] }), { ...web, dependencies: [at("db")] }, db],
  prior: {
    past: stateOf(desiredMachine("past", { dependencies: [at("ground")] }), liveMachine("past")),
    ground: stateOf(desiredMachine("ground"), liveMachine("ground")),
  },
  live: [liveMachine("past"), liveMachine("ground")],
};

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  written: { desired: [applied], liveMore: { settings: { memory_mib: "4096" } } },
  "written-over-nothing": { desired: [applied] },
  "written-though-claimed": { desired: [applied], liveMore: { claims } },
  "written-with-what-is-not-known": { desired: [db, desiredSetting("who", ref("db", "id"), { dependencies: [at("db")] })] },
  kept: kept({}),
  "kept-with-another-word": kept({ desired: { onRemove: "keep" } }),
  "kept-with-another-lifecycle": kept({ desired: life({ retain: true }) }),
  "kept-with-another-dependency": kept({ desired: { dependencies: [at("db")] } }),
  "kept-as-orbstack-made-it": kept({ state: { seen: "8000", got: "8000" }, found: "8000" }),
  "changed-from-what-orbstack-made-of-it": kept({ desired: { value: 9000 }, state: { seen: "8000", got: "8000" }, found: "8000" }),
  changed: kept({ desired: { value: 16_384 } }),
  "changed-outside": kept({ found: "6000" }),
  "changed-outside-to-what-is-wanted": kept({ desired: { value: 6000 }, found: "6000" }),
  "changed-outside-and-ignored": kept({ found: "6000", desired: life({ ignoreChanges: ["value"] }) }),
  "no-longer-listed": kept({ found: null }),
  "not-known-and-unchanging": kept({
    desired: { value: ref("db", "ip4") },
    more: {
      desired: [db, desiredSetting("memory_mib", ref("db", "ip4"))],
      prior: { "setting.memory_mib": settingState(applied, "4096", "8192"), db: stateOf(db, liveDb) },
      live: [liveDb],
    },
  }),
  "moved-to-another-address": {
    ...kept({}),
    desired: [{ ...applied, address: at("setting.memory"), ...life({ aliases: [at("setting.memory_mib")] }) }],
  },
  "moved-and-changed": {
    ...kept({}),
    desired: [{ ...applied, value: 1, address: at("setting.memory"), ...life({ aliases: [at("setting.memory_mib")] }) }],
  },
  "another-key": kept({ desired: { key: "cpu", value: 4 } }),
  "another-key-after-it-was-changed-outside": kept({ desired: { key: "cpu", value: 4 }, found: "6000" }),
  "another-key-and-the-old-value-stays": kept({
    desired: { key: "cpu", value: 4 },
    state: { inputs: { key: "memory_mib", value: 8192, onRemove: "keep" } },
  }),
  "another-key-though-prevented": kept({ desired: { key: "cpu", value: 4, ...life({ preventDestroy: true }) } }),
  "another-key-that-is-no-longer-listed": kept({ desired: { key: "cpu", value: 4 }, found: null }),
  "a-key-that-goes-from-one-address-to-another": {
    desired: [desiredSetting("b", 1, { key: "memory_mib" })],
    prior: { "setting.a": settingState({ ...applied, address: at("setting.a") }, "4096", "8192") },
    liveMore: { settings: { memory_mib: "8192" } },
  },
  removed: removed({}),
  "removed-by-destroy": removed({ more: { desired: [applied], options: { mode: "destroy" } } }),
  "removed-by-destroy-though-prevented": removed({
    more: { desired: [{ ...applied, ...life({ preventDestroy: true }) }], options: { mode: "destroy" } },
  }),
  "removed-though-claimed": removed({ more: { liveMore: { claims } } }),
  "removed-though-prevented": removed({ state: life({ preventDestroy: true }) }),
  "removed-and-retained": removed({ state: life({ retain: true }) }),
  "removed-and-its-value-stays": removed({ state: { inputs: { key: "memory_mib", value: 8192, onRemove: "keep" } } }),
  "removed-after-it-was-changed-outside": removed({ found: "6000" }),
  "removed-after-a-run-that-died-in-writing-it": removed({ state: { seen: "4096" } }),
  "removed-and-back-already": removed({ found: "4096", state: { seen: "4096" } }),
  "removed-and-was-not-listed": removed({ state: { original: null } }),
  "removed-and-is-not-listed": removed({ found: null }),
  "another-type-at-an-address": {
    desired: [applied],
    prior: { "setting.memory_mib": stateOf(web, live) },
    live: [live],
  },
  "outputs-known-and-unknown": {
    ...fleet,
    desired: [web, desiredMachine("new"), applied],
    outputs: {
      z: output(ref("web", "name")),
      id: output(ref("web", "id")),
      image: output(ref("web", "image")),
      ssh: output(ref("new", "ssh")),
      host: output(ref("new", "hostname")),
      ip4: output(ref("new", "ip4")),
      key: output(ref("setting.memory_mib", "key")),
      value: output(ref("setting.memory_mib", "value")),
      other: output(ref("setting.memory_mib", "other")),
      plain: output([1, { a: 2 }]),
      secret: output("x", true),
    },
    priorOutputs: { plain: output([1, { a: 2 }]), z: output("old"), gone: output(1, true) },
  },
  "outputs-as-last-seen": {
    ...fleet,
    prior: {
      web: stateOf(web, live, { addresses: { ip4: "198.19.249.2", ip6: "fd07::2", diskUsedBytes: 5 } }),
      db: stateOf(db, liveDb, { seen: { settings: {}, power: "running", image: { ...liveDb.image, version: "" } } }),
    },
    live: [live, { ...liveDb, image: { ...liveDb.image, version: "" } }],
    outputs: {
      ip4: output(ref("web", "ip4")),
      ip6: output(ref("web", "ip6")),
      disk: output(ref("web", "diskBytes")),
      never: output(ref("db", "ip4")),
      image: output(ref("db", "image")),
      odd: output(ref("db", "odd")),
    },
    priorOutputs: { ip4: output("198.19.249.2"), ip6: output("fd07::1"), never: output("10.0.0.1") },
  },
  "outputs-that-become-secret-and-open": {
    outputs: { a: output(1, true), b: output(1), c: output(2, true) },
    priorOutputs: { a: output(1), b: output(1, true), c: output(1, true) },
  },
  "outputs-after-a-restart": {
    ...fleet,
    desired: [{ ...web, settings: { cpus: 2 } }, db],
    prior: { ...fleet.prior, web: stateOf(web, live, { addresses: { ip4: "198.19.249.2" } }) },
    outputs: { ip4: output(ref("web", "ip4")), id: output(ref("web", "id")) },
    priorOutputs: { ip4: output("198.19.249.2"), id: output(live.id) },
  },
  "outputs-after-a-start": {
    ...fleet,
    prior: { ...fleet.prior, web: stateOf(web, live, { addresses: { ip4: "198.19.249.2" } }) },
    live: [{ ...live, state: "stopped" }, liveDb],
    outputs: { ip4: output(ref("web", "ip4")) },
    priorOutputs: { ip4: output("198.19.249.2") },
  },
  "outputs-of-a-name-that-is-ignored": {
    desired: [{ ...web, ...life({ ignoreChanges: ["name"] }) }],
    prior: { web: stateOf(web, live) },
    live: [{ ...live, name: "www" }],
    outputs: { name: output(ref("web", "name")) },
  },
  "outputs-of-what-is-left-out": {
    ...fleet,
    desired: [web, db, desiredMachine("new")],
    outputs: { id: output(ref("web", "id")), new: output(ref("new", "id")), disk: output(ref("db", "id")) },
    options: { targets: [at("db")] },
  },
  "outputs-of-what-is-left-out-as-last-seen": {
    ...fleet,
    prior: { ...fleet.prior, web: stateOf(web, live, { addresses: { ip4: "198.19.249.2" } }) },
    outputs: { ip4: output(ref("web", "ip4")) },
    options: { excludes: [at("web")] },
  },
  "outputs-of-a-destroyed-stack": {
    ...fleet,
    outputs: { id: output(ref("web", "id")) },
    priorOutputs: { id: output(live.id) },
    options: { mode: "destroy" },
  },
  "targets-bring-what-they-need": { ...chain, options: { targets: [at("web")] } },
  "targets-that-leave-bring-what-needs-them": { ...chain, options: { targets: [at("ground")] } },
  "exclusions-take-what-needs-them": { ...chain, options: { excludes: [at("web")] } },
  "exclusions-that-leave-take-what-they-need": { ...chain, options: { excludes: [at("past")] } },
  "targets-without-exclusions": { ...chain, options: { targets: [at("app")], excludes: [at("web")] } },
  "targets-that-nobody-has": {
    ...chain,
    options: { targets: [at("x")], excludes: [at("x")], replace: [at("y")], adopt: [at("z"), { address: at("q"), name: "q" }] },
  },
  "refreshed-only": { ...kept({ found: "6000" }), options: { mode: "refresh-only" } },
};

test.each(Object.entries(SCENARIOS))("%s is planned as it was before", async (name, worlds) => {
  await expect(wholePlan(planOf(worlds))).toMatchFileSnapshot(`settings/${name}.txt`);
});
