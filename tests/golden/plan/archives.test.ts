import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { ArchiveFacts } from "../../../src/model/archive.ts";
import type { DesiredArchive } from "../../../src/model/resource.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import {
  archiveState,
  at,
  cloneOf,
  desiredArchive,
  desiredMachine,
  liveMachine,
  planOf,
  stateOf,
  type Worlds,
} from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] };

const web = desiredMachine("web");
const live = liveMachine("web");
const machineAt = (index: number) => ({ "~orbform": "ref", address: at(`m${index}`), property: "id" }) as const;
const backup = (given: Given<DesiredArchive> = {}) => desiredArchive("nightly", at("web"), given);
const life = (given: Given<typeof DEFAULT_LIFECYCLE>) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const newer = { origin: { kind: "image" as const, distro: "debian", version: "trixie" } };
const made = archiveState(backup({ keep: { last: 3 }, triggers: 1 }), live);
const whole: ArchiveFacts = { status: "found", sizeBytes: 1000, recorded: "0".repeat(64) };

/** Made with `keep: 3` and the trigger 1, of a machine that is as it is to be. */
const applied = (facts: ArchiveFacts, given: Given<DesiredArchive> = {}, more: Given<Worlds> = {}): Worlds => ({
  desired: [web, backup({ keep: { last: 3 }, triggers: 1, ...given })],
  prior: { web: stateOf(web, live), "archive.nightly": made },
  live: [live],
  liveMore: { archives: { [at("archive.nightly")]: facts } },
  ...more,
});

const without = (given: Given<typeof DEFAULT_LIFECYCLE> = {}): Worlds => ({
  ...applied(whole),
  desired: [web],
  prior: { web: stateOf(web, live), "archive.nightly": { ...made, ...life(given) } },
});

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  create: { desired: [web, backup({ keep: { last: 3, daily: 7 }, triggers: machineAt(1), verify: true }), desiredMachine("m1")] },
  "nothing-to-do": applied(whole),
  "nobody-looked": applied(whole, {}, { liveMore: {} }),
  "machine-replaced": applied(whole, {}, { desired: [{ ...web, ...newer }, backup({ keep: { last: 3 }, triggers: 1 })] }),
  "machine-replaced-created-first": applied(whole, {}, {
    desired: [{ ...web, ...newer, ...life({ createBeforeDestroy: true }) }, backup({ keep: { last: 3 }, triggers: 1 })],
  }),
  "machine-changed-only": applied(whole, {}, {
    desired: [{ ...web, name: "www" }, backup({ keep: { last: 3 }, triggers: 1 })],
  }),
  "file-missing": applied({ status: "missing", folder: true }),
  "folder-missing": applied({ status: "missing", folder: false }),
  "another-size": applied({ ...whole, sizeBytes: 999 }),
  "no-metadata": applied({ ...whole, recorded: null }),
  "another-digest": applied({ ...whole, sha256: "f".repeat(64) }, { verify: true }),
  "missing-refresh-only": applied({ status: "missing", folder: true }, {}, { options: { mode: "refresh-only" } }),
  "keep-changed": applied(whole, { keep: { daily: 7 } }),
  "keep-ignored": applied(whole, { keep: { daily: 7 }, ...life({ ignoreChanges: ["keep"] }) }),
  "triggers-changed": applied(whole, { triggers: 2 }),
  "triggers-left-out": applied(whole, {}, { desired: [web, backup({ keep: { last: 3 } })] }),
  "export-requested": applied(whole, {}, { options: { replace: [at("archive.nightly")] } }),
  "folder-changed": applied(whole, { dir: "elsewhere" }),
  "ended-without-an-answer": {
    ...applied(whole),
    prior: { web: stateOf(web, live), "archive.nightly": { ...made, unfinished: true } },
  },
  removed: without(),
  "removed-and-retained": without({ retain: true }),
  "removed-though-prevented": without({ preventDestroy: true }),
  destroy: applied(whole, {}, { options: { mode: "destroy" } }),
  moved: {
    ...applied(whole),
    desired: [web, desiredArchive("weekly", at("web"), { keep: { last: 3 }, triggers: 1, ...life({ aliases: [at("archive.nightly")] }) })],
  },
  "before-a-clone-that-needs-it": {
    desired: [web, backup(), cloneOf("copy", "web", { dependencies: [at("archive.nightly"), at("web")] })],
    prior: { web: stateOf(web, live) },
    live: [live],
  },
};

test.each(Object.entries(SCENARIOS))("%s is planned as it was before", async (name, worlds) => {
  const plan = planOf(worlds);
  await expect(`${planText(plan, PLAIN)}\n${wholePlan(plan)}`).toMatchFileSnapshot(`archives/${name}.txt`);
});
