import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { diagnosticText } from "../../../src/report/diagnostics.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import {
  at,
  cloneOf,
  desiredMachine,
  desiredSetting,
  liveMachine,
  planOf,
  settingState,
  stateOf,
  type Worlds,
} from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const base = desiredMachine("base", { power: "stopped" });
const clone = cloneOf("web", "base");
const [liveWeb, liveBase] = [liveMachine("web"), liveMachine("base", { state: "stopped" })];
const newer = { kind: "image", distro: "debian", version: "trixie" } as const;
const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const ip4 = (address: string) => ({
  value: { "~orbform": "ref" as const, address: at(address), property: "ip4" as const },
  sensitive: false,
});
const applied = { prior: { web: stateOf(web, liveWeb) }, live: [liveWeb] };
const [a, b] = [desiredMachine("a", { name: "blue" }), desiredMachine("b", { name: "green" })];
const [liveA, liveB] = [liveMachine("green"), liveMachine("blue")];
const memory = desiredSetting("memory_mib", 16_384);

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  create: {
    desired: [base, { ...clone, settings: { cpus: 2, memoryMiB: 4096, diskBytes: 20 * 1024 ** 3 } }],
    outputs: { address: ip4("web") },
  },
  rename: { ...applied, desired: [{ ...web, name: "www" }] },
  swap: { desired: [a, b], prior: { a: stateOf(a, liveA), b: stateOf(b, liveB) }, live: [liveA, liveB] },
  "limit-with-restart": { ...applied, desired: [{ ...web, settings: { memoryMiB: 4096 } }] },
  "user-without-restart": { ...applied, desired: [{ ...web, settings: { user: "root" } }] },
  replace: { ...applied, desired: [{ ...web, origin: newer }] },
  "clone-of-replaced": {
    desired: [{ ...base, origin: newer }, clone],
    prior: { base: stateOf(base, liveBase), web: stateOf(clone, liveWeb) },
    live: [liveBase, liveWeb],
  },
  "create-before-destroy": { ...applied, desired: [{ ...web, origin: newer, lifecycle: first }] },
  delete: applied,
  destroy: { ...applied, desired: [web], options: { mode: "destroy" } },
  forget: { ...applied, prior: { web: stateOf({ ...web, lifecycle: { ...DEFAULT_LIFECYCLE, retain: true } }, liveWeb) } },
  adopt: { desired: [web], live: [liveWeb], options: { adopt: [at("web")] } },
  moved: { ...applied, desired: [{ ...desiredMachine("front", { name: "web" }), lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("web")] } }] },
  "drift-changed": {
    ...applied,
    desired: [web],
    prior: { web: stateOf(web, liveWeb) },
    live: [liveMachine("web", { id: liveWeb.id, name: "renamed", state: "stopped" })],
  },
  "drift-deleted": { ...applied, desired: [web], live: [] },
  "drift-replaced": { ...applied, desired: [web], live: [liveMachine("web", { id: liveMachine("other").id })] },
  "no-changes": { ...applied, desired: [web] },
  "name-taken": { desired: [web], live: [liveWeb] },
  "prevent-destroy": { ...applied, desired: [{ ...web, origin: newer, lifecycle: { ...DEFAULT_LIFECYCLE, preventDestroy: true } }] },
  setting: {
    desired: [memory],
    prior: { "setting.memory_mib": settingState({ ...memory, value: 8192 }, "4096", "8192") },
    liveMore: { settings: { memory_mib: "8192" } },
  },
  "setting-removed": {
    prior: { "setting.memory_mib": settingState(memory, "4096", "16384") },
    liveMore: { settings: { memory_mib: "16384" } },
  },
};

test.each(Object.entries(SCENARIOS))("%s reads as it read before", async (name, worlds) => {
  const plan = planOf(worlds);
  const told = plan.diagnostics.map((each) => diagnosticText(each, { theme: PLAIN, ruled: false }));
  const text = plan.diagnostics.some((each) => each.severity === "error") ? "" : planText(plan, PLAIN);
  await expect(`${text}${told.join("")}`).toMatchFileSnapshot(`plans/${name}.txt`);
});
