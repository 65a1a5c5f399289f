import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { MachineFacts } from "../../../src/model/machine.ts";
import type { DesiredMachine } from "../../../src/model/resource.ts";
import type { MachineResource } from "../../../src/model/snapshot.ts";
import { plan } from "../../../src/plan/plan.ts";
import { at, desiredMachine, inputOf, liveMachine, planOf, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] };

const live = liveMachine("web");
const applied = desiredMachine("web");
const old = liveMachine("old");
const older = liveMachine("older");
const deposed = [old, older].map(({ id, name }) => ({ id, name }));
const life = (given: Given<typeof DEFAULT_LIFECYCLE>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const newer = { origin: { kind: "image" as const, distro: "debian", version: "trixie" } };
const unready = (reason: "timed out" | "failed") => ({ status: "unready" as const, unready: { reason, detail: "late" } });
const ref = (property: string) => ({ "~orbform": "ref" as const, address: at("db"), property });
const mystery = { origin: { kind: "image" as const, distro: "mystery", version: "7" } };
const OLDER = { capabilities: { version: "2.0.5", limits: false, isolation: false, cloneNeedsStop: true } };
const ODD = { capabilities: { version: "", limits: true, isolation: false, cloneNeedsStop: true } };

/** One machine that was applied plainly, is in the stack as given and lives as given. */
function kept(
  desired: Given<DesiredMachine>,
  state: Given<MachineResource> = {},
  found: Given<MachineFacts> = {},
  more: Worlds = {},
): Worlds {
  const seen = { ...live, ...found, settings: { ...live.settings, ...found.settings } };
  return {
    ...more,
    desired: [desiredMachine("web", desired), ...(more.desired ?? [])],
    prior: { web: stateOf(applied, live, state), ...more.prior },
    live: [seen, ...(more.live ?? [])],
  };
}

const removed = (state: Given<MachineResource> = {}, found: Given<MachineFacts> = {}, more: Worlds = {}): Worlds => ({
  ...kept({}, state, found, more),
  desired: more.desired ?? [],
});

const made = (desired: Given<DesiredMachine>, more: Worlds = {}): Worlds => ({
  desired: [desiredMachine("web", desired)],
  ...more,
});

const everything: Given<DesiredMachine> = {
  arch: "amd64",
  cloudInit: { text: "#cloud-config" },
  settings: { cpus: 2, memoryMiB: 2048, diskBytes: null, user: "ann", isolated: true, mounts: ["/a"], httpPort: 80 },
  default: true,
  identity: "fresh",
  labels: { a: "1" },
  groups: ["g"],
  place: { file: "orb.ts", line: 1, column: 1 },
  ...life({ timeoutsMs: { create: 5 }, retries: 9 }),
};

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  "made-with-everything": made(everything),
  "made-stopped": made({ power: "stopped", identity: "fresh" }),
  "made-any": made({ power: "any" }),
  "made-with-unknown": made({ dependencies: [at("db")], settings: { user: ref("id") }, cloudInit: { text: ref("ip4") } }),
  "made-restored": made({
    origin: { kind: "restore", path: "/a.tar", digest: "1" },
    settings: { cpus: 2, memoryMiB: null },
  }),
  "made-restored-stopped": made({ origin: { kind: "restore", path: "/a.tar", digest: "1" }, power: "stopped" }),
  "made-restored-any": made({ origin: { kind: "restore", path: "/a.tar", digest: "1" }, power: "any" }),
  "made-restored-by-an-older": made(
    { origin: { kind: "restore", path: "/a.tar", digest: "1" }, settings: { memoryMiB: null, isolated: null } },
    { liveMore: OLDER },
  ),
  "made-by-an-older": made({ ...everything, default: false }, { liveMore: OLDER }),
  "made-by-an-odd-one": made(everything, { liveMore: ODD }),
  "made-with-defaults-by-an-older": made({ settings: { cpus: 0, isolated: false, forwardSshAgent: true } }, { liveMore: OLDER }),
  "changed-everywhere": kept({
    name: "www",
    default: true,
    settings: { cpus: 2, user: "ann" },
    labels: { a: "1" },
    groups: ["g"],
  }),
  "changed-and-stopped": kept({ power: "stopped", settings: { cpus: 2 } }),
  "changed-and-started": kept({ settings: { cpus: 2 } }, { seen: { ...stateOf(applied, live).seen, power: "stopped" } }, { state: "stopped" }),
  "changed-while-power-is-ignored": kept({ settings: { cpus: 2 }, ...life({ ignoreChanges: ["power"] }) }),
  "changed-beyond-an-older": kept({ settings: { cpus: 2, isolated: true } }, {}, {}, { liveMore: OLDER }),
  "changed-below-its-disk": kept({ settings: { diskBytes: 5 } }, { addresses: { diskUsedBytes: 6 } }),
  "changed-to-just-its-disk": kept({ settings: { diskBytes: 6 } }, { addresses: { diskUsedBytes: 6 } }),
  "changed-to-no-disk-limit": kept({ settings: { diskBytes: 0 } }, { addresses: { diskUsedBytes: 6 } }, { settings: { diskBytes: 9 } }),
  "changed-while-predecessors-are-left": kept({ name: "www", settings: { cpus: 2 } }, { deposed }, {}, { live: [old, older] }),
  "unchanged-while-predecessors-are-left": kept({}, { deposed }, {}, { live: [old, older] }),
  "predecessors-on-their-way": kept({}, { deposed }, {}, { live: [old, { ...older, state: "deleting" }] }),
  "unchanged-but-for-its-dependencies": kept({ dependencies: [at("db")] }),
  "unchanged-but-for-its-readiness": kept({ ready: { kind: "tcp", port: 22, timeoutMs: 1 } }),
  "restart-is-owed": kept({}, { restartPending: true }),
  "restart-is-owed-by-any": kept({ power: "any" }, { restartPending: true }),
  "restart-is-owed-by-stopped": kept({}, { restartPending: true }, { state: "stopped" }),
  "was-never-ready": kept({}, unready("timed out")),
  "was-never-ready-and-is-changed": kept({ settings: { user: "ann" } }, unready("timed out")),
  "was-never-ready-and-is-to-stop": kept({ power: "stopped" }, unready("timed out")),
  "was-never-ready-any": kept({ power: "any" }, unready("timed out")),
  "was-never-ready-any-and-stopped": kept({ power: "any" }, unready("timed out"), { state: "stopped" }),
  "was-never-ready-any-and-is-changed": kept({ power: "any", settings: { cpus: 2 } }, unready("timed out")),
  "was-never-ready-and-stopped": kept({}, unready("timed out"), { state: "stopped" }),
  "was-never-ready-while-power-is-ignored": kept({ power: "stopped", ...life({ ignoreChanges: ["power"] }) }, unready("timed out")),
  "settled-in-words-that-nobody-knows": {
    desired: [desiredMachine("web", mystery)],
    prior: { web: stateOf(desiredMachine("web", mystery), live) },
    live: [{ ...live, image: { ...live.image, version: "trixie" } }],
  },
  "moved-and-settled": {
    desired: [desiredMachine("front", { name: "web", ...life({ aliases: [at("web")] }) })],
    prior: { web: stateOf(desiredMachine("web", life({ aliases: [at("web")] })), live) },
    live: [live],
  },
  "kept-with-what-is-not-known": {
    desired: [desiredMachine("web", { dependencies: [at("db")], settings: { user: ref("ip4") } }), desiredMachine("db")],
    prior: {
      web: stateOf(desiredMachine("web", { dependencies: [at("db")], settings: { user: "me" } }), live),
      db: stateOf(desiredMachine("db"), old),
    },
    live: [live, { ...old, name: "db" }],
  },
  "needed-while-predecessors-are-left": kept({}, { deposed }, {}, {
    desired: [desiredMachine("app", { dependencies: [at("web")] })],
    live: [old, older],
  }),
  "is-ready-by-now": kept({}, unready("timed out"), {}, { liveMore: { probes: { [live.id]: "ready" } } }),
  "owes-an-identity": kept({ identity: "fresh" }, { identityOwed: true }),
  "owes-an-identity-no-longer-wanted": kept({}, { identityOwed: true }),
  "owes-an-identity-stopped": kept({ identity: "fresh" }, { identityOwed: true }, { state: "stopped" }),
  "owes-power": kept({ power: "any" }, { returnTo: "running" }, { state: "stopped" }),
  replaced: kept({ ...newer, default: true }),
  "replaced-created-first": kept({ ...newer, ...life({ createBeforeDestroy: true }), default: true }),
  "replaced-created-first-with-a-port": kept({ ...newer, settings: { httpsPort: 443 }, ...life({ createBeforeDestroy: true }) }),
  "replaced-created-first-without-a-port": kept({ ...newer, settings: { httpPort: 0, httpsPort: null }, ...life({ createBeforeDestroy: true }) }),
  "replaced-created-first-while-predecessors-are-left": kept(
    { ...newer, ...life({ createBeforeDestroy: true }) },
    { deposed },
    {},
    { live: [old, older] },
  ),
  "replaced-half-deleted": kept({ ...life({ createBeforeDestroy: true }) }, { name: "x", halfDeleted: "x" }, { name: "x" }),
  "replaced-as-it-failed": kept({}, unready("failed")),
  "replaced-by-request": kept({}, {}, {}, { options: { replace: [at("web")] } }),
  "replaced-by-request-though-it-failed": kept({}, unready("failed"), {}, { options: { replace: [at("web")] } }),
  "replaced-beyond-an-older": kept({ ...newer, settings: { cpus: 2 } }, {}, {}, { liveMore: OLDER }),
  "replaced-though-prevented": kept({ ...newer, ...life({ preventDestroy: true }) }),
  "replaced-though-prevented-by-request": kept({ ...life({ preventDestroy: true }) }, {}, {}, { options: { replace: [at("web")] } }),
  "replaced-with-a-warning-beside": kept({ origin: { kind: "image", distro: "mystery" }, arch: "amd64" }),
  removed: removed(),
  "removed-and-retained": removed({ ...life({ retain: true }) }, { name: "www" }),
  "removed-though-prevented": removed({ ...life({ preventDestroy: true }) }),
  "removed-half-deleted": removed({ name: "x", halfDeleted: "x" }, { name: "x" }),
  "removed-with-predecessors": removed({ deposed }, { name: "www" }, { live: [old, older] }),
  "removed-by-destroy": { ...removed({}, {}, { options: { mode: "destroy" } }), desired: [applied] },
  "removed-by-destroy-though-prevented": {
    ...removed({}, {}, { options: { mode: "destroy" } }),
    desired: [desiredMachine("web", life({ preventDestroy: true }))],
  },
  "removed-by-destroy-though-retained": {
    ...removed({}, {}, { options: { mode: "destroy" } }),
    desired: [desiredMachine("web", life({ retain: true }))],
  },
  "removed-in-transition": removed({}, { state: "starting" }),
  "removed-and-claimed": removed({}, {}, { liveMore: { claims: { [live.id]: "Another has it." } } }),
  "removed-of-an-untold-image": removed({ seen: { settings: {}, power: "running", image: { ...live.image, version: "" } } }, { image: { ...live.image, version: "" } }),
  "removed-and-gone": { ...removed(), live: [] },
  "removed-and-gone-but-for-a-predecessor": { ...removed({ deposed }), live: [older] },
  "gone-but-for-a-predecessor": { ...kept({}, { deposed }), live: [older] },
  "gone-all-of-two": {
    desired: [applied, desiredMachine("db")],
    prior: { web: stateOf(applied, live), db: stateOf(desiredMachine("db"), old) },
  },
  "gone-and-another-has-the-new-name": { ...kept({ name: "www" }), live: [liveMachine("www")] },
  "gone-and-another-has-the-old-name": { ...kept({ name: "www" }), live: [liveMachine("web", { id: old.id })] },
  moved: {
    desired: [desiredMachine("front", { name: "web", ...life({ aliases: [at("web")] }) })],
    prior: { web: stateOf(applied, live) },
    live: [live],
  },
  "moved-and-replaced": {
    desired: [desiredMachine("front", { name: "web", ...newer, ...life({ aliases: [at("web")] }) })],
    prior: { web: stateOf(applied, live) },
    live: [live],
  },
};

test.each(Object.entries(SCENARIOS))("%s is planned as it was before", async (name, worlds) => {
  await expect(wholePlan(planOf(worlds))).toMatchFileSnapshot(`machines/${name}.txt`);
});

test("durations that were learned are expected again, those of an address before those of a kind", async () => {
  const durations = new Map([
    ["create", 7],
    ["set-default", 8],
    ["set-default machine.web", 9],
  ]);
  const input = inputOf(made({ default: true, power: "stopped" }));
  await expect(wholePlan(plan({ ...input, durations }))).toMatchFileSnapshot("machines/made-in-learned-time.txt");
});
