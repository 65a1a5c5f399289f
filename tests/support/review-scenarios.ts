/** Plans of every kind, small, with what they were made of: for the formats that plans are written in. */
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { address } from "../../src/model/address.ts";
import { NO_POLICIES, type PolicyReport } from "../../src/model/policy.ts";
import type { DesiredState } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { plan } from "../../src/plan/plan.ts";
import type { PlanInput } from "../../src/plan/plan-input.ts";
import type { Review } from "../../src/report/review.ts";
import { inside } from "./execute-builders.ts";
import { AS_ASKED, CHANGED, all, life, lying, page } from "./inside-worlds.ts";
import {
  archiveState,
  at,
  cloneOf,
  desiredArchive,
  desiredMachine,
  desiredSetting,
  digest,
  inputOf,
  liveMachine,
  settingState,
  stateOf,
  ulid,
  type Worlds,
} from "./plan-builders.ts";
import { machineId } from "../../src/model/machine.ts";

const web = desiredMachine("web");
const liveWeb = liveMachine("web");
const base = desiredMachine("base", { power: "stopped" });
const liveBase = liveMachine("base", { state: "stopped" });
const newer = { kind: "image", distro: "debian", version: "trixie" } as const;
const stored = { kind: "restore", path: "web.tar.zst", digest: `sha256:${"0".repeat(64)}` } as const;
const applied = { prior: { web: stateOf(web, liveWeb) }, live: [liveWeb] };
const memory = desiredSetting("memory_mib", 16_384);
const nightly = desiredArchive("nightly", at("web"), { keep: { last: 3 }, triggers: "1" });
const nested = desiredMachine("app", { address: address("machine", "app", ["team", "web"]), name: "app" });
const old = liveMachine("old");
const ref = (property: string) => ({ "~orbform": "ref" as const, address: at("web"), property });
const [a, b] = [desiredMachine("a", { name: "blue" }), desiredMachine("b", { name: "green" })];
const [liveA, liveB] = [liveMachine("green"), liveMachine("blue")];

/** No secret may stand in any document: this is one. */
export const SECRET = "hunter2-hunter2";

const secretFile = inside(
  "file",
  "key",
  { path: "/etc/key", content: `${SECRET}\n`, mode: 0o600 },
  { sensitive: true },
);
const secretInit = { cloudInit: { text: `#cloud-config\npassword: ${SECRET}\n` } };

/** Worlds by what their plans are. */
export const SCENARIOS: { readonly [name: string]: Worlds } = {
  "no-changes": { ...applied, desired: [web] },
  "one-change": { ...applied, desired: [{ ...web, settings: { memoryMiB: 4096, isolated: true } }] },
  create: {
    desired: [
      base,
      cloneOf("web", "base", { settings: { cpus: 2, user: "ann", mounts: ["/srv"] }, labels: { tier: "1" } }),
    ],
    outputs: {
      address: { value: ref("ip4"), sensitive: false },
      words: { value: ["a", 1, { b: null }], sensitive: false },
      token: { value: SECRET, sensitive: true },
    },
  },
  restore: { desired: [{ ...web, ...secretInit, origin: stored, default: true, identity: "fresh" }] },
  rename: { ...applied, desired: [{ ...web, name: "www" }] },
  swap: { desired: [a, b], prior: { a: stateOf(a, liveA), b: stateOf(b, liveB) }, live: [liveA, liveB] },
  stop: { ...applied, desired: [{ ...web, power: "stopped" }] },
  start: { desired: [{ ...base, power: "running" }], prior: { base: stateOf(base, liveBase) }, live: [liveBase] },
  replace: { ...applied, desired: [{ ...web, ...secretInit, origin: newer }] },
  "create-before-destroy": {
    ...applied,
    desired: [{ ...web, origin: newer, ...life({ createBeforeDestroy: true }) }],
  },
  "replace-as-asked": { ...applied, desired: [web], options: { replace: [at("web")] } },
  "not-ready": {
    ...applied,
    desired: [web],
    prior: { web: stateOf(web, liveWeb, { status: "unready", unready: { reason: "failed", detail: "no" } }) },
  },
  delete: applied,
  destroy: {
    ...applied,
    desired: [web],
    priorOutputs: { ip: { value: "192.168.139.2", sensitive: false }, token: { value: null, sensitive: true } },
    options: { mode: "destroy" },
  },
  deposed: {
    prior: { web: stateOf(web, liveWeb, { deposed: [{ id: old.id, name: old.name }] }) },
    live: [old],
  },
  forget: { ...applied, prior: { web: stateOf({ ...web, ...life({ retain: true }) }, liveWeb) } },
  adopt: { desired: [web], live: [liveWeb], options: { adopt: [at("web")] } },
  "adopt-and-change": {
    desired: [{ ...web, settings: { cpus: 2 } }],
    live: [liveWeb],
    options: { adopt: [at("web")] },
  },
  moved: { ...applied, desired: [{ ...desiredMachine("front", { name: "web" }), ...life({ aliases: [at("web")] }) }] },
  "drift-only": {
    ...applied,
    desired: [web],
    live: [liveMachine("web", { id: liveWeb.id, name: "renamed", state: "stopped" })],
    options: { mode: "refresh-only" },
  },
  "drift-deleted": { ...applied, desired: [web], live: [] },
  "drift-replaced": { ...applied, desired: [web], live: [liveMachine("web", { id: liveMachine("other").id })] },
  errors: { desired: [web], live: [liveWeb] },
  modules: {
    desired: [nested, web],
    outputs: { url: { value: { "~orbform": "ref", address: nested.address, property: "ip4" }, sensitive: false } },
  },
  setting: {
    desired: [memory, desiredSetting("cpu", 4)],
    prior: { "setting.memory_mib": settingState({ ...memory, value: 8192 }, "4096", "8192") },
    liveMore: { settings: { memory_mib: "8192", cpu: "8" } },
  },
  "setting-removed": {
    prior: { "setting.memory_mib": settingState(memory, "4096", "16384") },
    liveMore: { settings: { memory_mib: "16384" } },
  },
  export: { ...applied, desired: [web, nightly] },
  "export-removed": {
    ...applied,
    desired: [web],
    prior: { web: stateOf(web, liveWeb), "archive.nightly": archiveState(nightly, liveWeb) },
  },
  "inside-made": lying({ after: [...all(), secretFile] }),
  "inside-changed": lying({ before: all(), after: all(), found: CHANGED }),
  "inside-as-asked": lying({ before: all(), after: all() }),
  "inside-there-already": lying({ after: all(), found: AS_ASKED }),
  "inside-removed": lying({ before: all() }),
  "secret-changed": lying({
    before: [page("one\n", { sensitive: true })],
    after: [page(`${SECRET}\n`, { sensitive: true })],
    sealed: true,
  }),
  "secret-from-now-on": lying({ before: [page("one\n")], after: [page("one\n", { sensitive: true })] }),
  "secret-left-out": lying({
    before: [page("one\n")],
    after: [page("one\n", { sensitive: true })],
    options: { excludes: [at("file.page")] },
  }),
  "found-again": {
    ...applied,
    desired: [web],
    prior: { web: stateOf(web, liveWeb, { halfDeleted: "web-orbform-del-1" }) },
    live: [liveMachine("web-orbform-del-1", { id: liveWeb.id })],
  },
  "not-ours-any-more": {
    ...applied,
    prior: { web: stateOf(web, liveWeb, { id: machineId(ulid("gone")) }) },
    live: [],
  },
  "replaced-by-trigger": {
    ...applied,
    desired: [{ ...web, lifecycle: { ...DEFAULT_LIFECYCLE, replaceWhen: ["2"] } }],
    prior: { web: stateOf({ ...web, lifecycle: { ...DEFAULT_LIFECYCLE, replaceWhen: ["1"] } }, liveWeb) },
  },
};

/** A report of policies: one content, one that warns, one that denies. */
export const DENIED: PolicyReport = {
  checked: ["isolation-required", "limits-required", "no-deletes"],
  findings: [
    { policy: "no-deletes", severity: "deny", message: "machine.web bears keep=yes.", address: at("web") },
    { policy: "limits-required", severity: "warn", message: "There are machines without a limit." },
  ],
};

/** A plan with what it was made of. */
export interface Reviewed {
  readonly review: Review;
  readonly worlds: { readonly prior: Snapshot; readonly desired: DesiredState };
}

/** Plans, and reviews. */
export function reviewed(input: PlanInput, policy: PolicyReport = NO_POLICIES): Reviewed {
  const made = plan(input);
  const review: Review = { plan: made, digest: `sha256:${digest(1)}`, notices: [], policy, version: "0.1.0" };
  return { review, worlds: { prior: input.prior, desired: input.desired } };
}

/** A scenario's plan with what it was made of. */
export function scenario(name: string, policy?: PolicyReport): Reviewed {
  return reviewed(inputOf(SCENARIOS[name] ?? {}), policy);
}
