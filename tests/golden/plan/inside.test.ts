import { expect, test } from "vitest";
import type { InsideFacts } from "../../../src/model/inside.ts";
import type { DesiredInside, DesiredMachine } from "../../../src/model/resource.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { hashText } from "../../../src/state/digest.ts";
import { inside } from "../../support/execute-builders.ts";
import { insideState } from "../../support/plan-apply-state.ts";
import { desiredMachine, liveMachine, planOf, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

const web = desiredMachine("web");
const page = (content: string, more: Partial<DesiredInside> = {}) =>
  inside("file", "page", { path: "/srv/page", content, mode: 0o644 }, more);
const text = (content: string): InsideFacts => ({
  type: "file",
  kind: "file",
  mode: 0o644,
  owner: "root",
  group: "root",
  digest: hashText(content),
  size: content.length,
  text: content,
});
const site = (mode: number) => inside("directory", "site", { path: "/srv/site", mode });
const tools = (...names: readonly string[]) =>
  inside("packages", "tools", { install: Object.fromEntries(names.map((name) => [name, "present"])) });
const installed = (...names: readonly string[]): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed: { curl: null, jq: null, ...Object.fromEntries(names.map((name) => [name, "1.0"])) },
  newer: {},
});
const nginx = (running: boolean, more: Partial<DesiredInside> = {}) =>
  inside("service", "nginx", { name: "nginx", running, enabled: true }, more);
const serving = (running: boolean): InsideFacts => ({ type: "service", manager: "systemd", exists: true, running, enabled: true });
const ada = (shell: string) => inside("user", "ada", { name: "ada", shell, groups: ["www"] });
const account = (shell: string): InsideFacts => ({ type: "user", exists: true, shell, home: "/home/ada", groups: ["www"] });
const once = (triggers: number, more = {}) => inside("command", "once", { run: ["make", "all"], triggers, ...more });

interface Told {
  /** What was applied last. */
  readonly before?: readonly DesiredInside[];
  /** What the stack asks for now. */
  readonly after?: readonly DesiredInside[];
  readonly found?: { readonly [address: string]: InsideFacts };
  readonly state?: Partial<InsideResource>;
  readonly machine?: DesiredMachine;
  readonly power?: "running" | "stopped";
}

/** One machine, with what was applied in it, what is asked and what is found there. */
function told({ before = [], after = [], found = {}, state = {}, machine = web, power = "running" }: Told): Worlds {
  const live = liveMachine("web", { state: power });
  const states = before.flatMap((each) => {
    const made = insideState(each, { machine: live, look: () => undefined, states: new Map() });
    return made === undefined ? [] : [[each.address, { ...made, ...state }] as const];
  });
  const seen = power === "running" ? Object.fromEntries(states.map(([address, { seen: facts }]) => [address, facts])) : {};
  return {
    desired: [machine, ...after],
    prior: { web: stateOf({ ...web, power: machine.power }, live), ...Object.fromEntries(states) },
    live: [live],
    liveMore: { inside: { ...seen, ...found } },
  };
}

const all = [page("one\n"), site(0o755), tools("curl"), nginx(true), ada("/bin/sh"), once(1)];
const stopped = desiredMachine("web", { power: "stopped" });
const trixie = desiredMachine("web", { origin: { kind: "image", distro: "debian", version: "trixie" } });
const secret = page("new secret\n", { sensitive: true });

const SCENARIOS: Readonly<Record<string, Worlds>> = {
  made: told({ after: all }),
  "made-with-its-machine": { desired: [web, ...all] },
  kept: told({ before: all, after: all }),
  "removed-all": told({ before: all }),
  "removed-though-it-stood-there-before": told({ before: all, state: { original: text("before\n") } }),
  "machine-replaced": told({ before: all, after: all, machine: trixie }),
  "machine-and-all-gone": { ...told({ before: all }), desired: [] },
  "machine-stopped-and-nothing-to-do": told({ before: all, after: all, machine: stopped, power: "stopped" }),
  "machine-stopped-and-a-file-to-change": told({ before: all, after: [page("two\n"), ...all.slice(1)], machine: stopped, power: "stopped" }),
  "machine-stopped-and-another-path": told({
    before: [page("one\n")],
    after: [inside("file", "page", { path: "/srv/other", content: "one\n", mode: 0o644 })],
    machine: stopped,
    power: "stopped",
  }),
  "machine-stopped-by-its-user": told({ before: all, after: all, machine: desiredMachine("web", { power: "any" }), power: "stopped" }),
  "machine-stopped-by-its-user-and-a-file-to-change": told({
    before: [page("one\n")],
    after: [page("two\n")],
    machine: desiredMachine("web", { power: "any" }),
    power: "stopped",
  }),
  "file-changed": told({
    before: [page("one\ntwo\nthree\nfour\n")],
    after: [page("one\n2\nthree\nfour\nfive\n")],
    found: { "file.page": text("one\ntwo\nthree\nfour\n") },
  }),
  "file-changed-outside": told({ before: [page("one\n")], after: [page("one\n")], found: { "file.page": text("other\n") } }),
  "file-gone-outside": told({ before: [page("one\n")], after: [page("one\n")], found: { "file.page": { type: "file", kind: "absent" } } }),
  "file-sensitive": told({ before: [page("old secret\n")], after: [secret], found: { "file.page": text("old secret\n") } }),
  "file-sensitive-changed-outside": told({
    before: [page("old secret\n")],
    after: [page("old secret\n", { sensitive: true })],
    found: { "file.page": text("another secret\n") },
  }),
  "file-half-done": told({ before: [page("one\n")], after: [page("one\n")], state: { unfinished: true } }),
  "file-ignored": told({
    before: [page("one\n")],
    after: [page("two\n", { lifecycle: { ...web.lifecycle, ignoreChanges: ["content"] } })],
    found: { "file.page": { ...text("other\n"), mode: 0o600 } as InsideFacts },
  }),
  "directory-changed": told({ before: [site(0o755)], after: [site(0o700)] }),
  "directory-changed-outside": told({
    before: [site(0o755)],
    after: [site(0o755)],
    found: { "directory.site": { type: "directory", kind: "directory", mode: 0o777, owner: "root", group: "root", isEmpty: true } },
  }),
  "packages-changed": told({ before: [tools("curl")], after: [tools("jq")], found: { "packages.tools": installed("curl") } }),
  "packages-gone-outside": told({ before: [tools("curl")], after: [tools("curl")], found: { "packages.tools": installed() } }),
  "service-changed": told({ before: [nginx(true)], after: [nginx(false)] }),
  "service-stopped-outside": told({ before: [nginx(true)], after: [nginx(true)], found: { "service.nginx": serving(false) } }),
  "service-that-ran-already": told({
    before: [page("one")],
    after: [page("one"), nginx(true, { restartOn: [page("").address] })],
    found: { "service.nginx": serving(true) },
  }),
  "service-restarted": told({
    before: [page("one\n"), nginx(true, { restartOn: [page("").address] })],
    after: [page("two\n"), nginx(true, { restartOn: [page("").address] })],
    found: { "file.page": text("one\n") },
  }),
  "file-replaced-by-a-folder-outside": told({
    before: [page("one")],
    after: [page("one")],
    found: { "file.page": { type: "file", kind: "directory" } },
  }),
  "other-things-in-the-way": told({
    after: [page("one"), site(0o755)],
    found: {
      "file.page": { type: "file", kind: "directory" },
      "directory.site": { type: "directory", kind: "symlink" },
    },
  }),
  "user-changed": told({ before: [ada("/bin/sh")], after: [ada("/bin/bash")], found: { "user.ada": account("/bin/sh") } }),
  "user-changed-outside": told({ before: [ada("/bin/sh")], after: [ada("/bin/sh")], found: { "user.ada": account("/bin/zsh") } }),
  "command-changed": told({ before: [once(1)], after: [once(2)] }),
  "command-whose-work-is-gone": told({
    before: [once(1, { creates: "/srv/made" })],
    after: [once(1, { creates: "/srv/made" })],
    found: { "command.once": { type: "command", created: false } },
  }),
  "command-half-done": told({ before: [once(1)], after: [once(1)], state: { unfinished: true } }),
};

test.each(Object.entries(SCENARIOS))("what lies inside, %s, is planned as it was before", async (name, worlds) => {
  const plan = planOf(worlds);
  await expect(`${planText(plan, PLAIN)}\n${wholePlan(plan)}`).toMatchFileSnapshot(`inside/${name}.txt`);
});
