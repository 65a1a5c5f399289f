import { describe, expect, test } from "vitest";
import type { InsideFacts } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId, type MachineFacts } from "../../../src/model/machine.ts";
import type { DesiredInside, DesiredMachine, DesiredResource } from "../../../src/model/resource.ts";
import type { InsideResource, ResourceState } from "../../../src/model/snapshot.ts";
import { hashText } from "../../../src/state/digest.ts";
import { inside } from "../../support/execute-builders.ts";
import { insideState } from "../../support/plan-apply-state.ts";
import { at, cloneOf, desiredMachine, liveMachine, NOW, planOf, stateOf, ulid, type Worlds } from "../../support/plan-builders.ts";
import { wholePlan } from "../../support/whole-plan.ts";

type Lifecycle = Partial<typeof DEFAULT_LIFECYCLE>;

const life = (given: Lifecycle) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ...given } });
const page = (content: unknown, more: Partial<DesiredInside> = {}) =>
  inside("file", "page", { path: "/srv/page", content: content as string, mode: 0o644 }, more);
const site = (mode: number, more = {}) => inside("directory", "site", { path: "/srv/site", mode }, more);
const packages = (key: string, names: readonly string[], more = {}) =>
  inside("packages", key, { install: Object.fromEntries(names.map((name) => [name, "present"])) }, more);
const tools = (name: string, more = {}) => packages("tools", [name], more);
const nginx = (running: boolean, more: Partial<DesiredInside> = {}) =>
  inside("service", "nginx", { name: "nginx", running, enabled: true }, more);
const ada = (shell: string, more = {}) => inside("user", "ada", { name: "ada", shell, groups: ["www"] }, more);
const once = (triggers: number, more = {}, given = {}) => inside("command", "once", { run: ["make", "all"], triggers, ...more }, given);

/** One of each, as it is to be. `more`: what all of them have beside. */
const all = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  page("one\n", more),
  site(0o755, more),
  tools("curl", more),
  nginx(true, more),
  ada("/bin/sh", more),
  once(1, { creates: "/srv/made" }, more),
];

/** The same, each asked for otherwise. */
const others = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  page("two\n", more),
  site(0o700, more),
  tools("jq", more),
  nginx(false, more),
  ada("/bin/bash", more),
  once(2, { creates: "/srv/made" }, more),
];

/** The same under other paths and names, where there are any. */
const elsewhere = (more: Partial<DesiredInside> = {}): readonly DesiredInside[] => [
  inside("file", "page", { path: "/srv/other", content: "one\n", mode: 0o644 }, more),
  inside("directory", "site", { path: "/srv/others", mode: 0o755 }, more),
  inside("service", "nginx", { name: "caddy", running: true, enabled: true }, more),
  inside("user", "ada", { name: "bob", shell: "/bin/sh", groups: ["www"] }, more),
];

const text = (content: string, more: Partial<Extract<InsideFacts, { type: "file" }>> = {}): InsideFacts => ({
  type: "file",
  kind: "file",
  mode: 0o644,
  owner: "root",
  group: "root",
  digest: hashText(content),
  size: content.length,
  ...more,
});
const folder = (more = {}): InsideFacts => ({ type: "directory", kind: "directory", mode: 0o755, owner: "root", group: "root", isEmpty: true, ...more });
const installed = (...names: readonly string[]): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed: { curl: null, jq: null, ...Object.fromEntries(names.map((name) => [name, "1.0"])) },
  newer: {},
});
const serving = (running: boolean, enabled = true): InsideFacts => ({ type: "service", manager: "systemd", exists: true, running, enabled });
const account = (shell: string): InsideFacts => ({ type: "user", exists: true, shell, home: "/home/ada", groups: ["www"] });

type Found = { readonly [address: string]: InsideFacts };

const AS_ASKED: Found = {
  "file.page": text("one\n"),
  "directory.site": folder(),
  "packages.tools": installed("curl"),
  "service.nginx": serving(true),
  "user.ada": account("/bin/sh"),
  "command.once": { type: "command", created: true },
};
const CHANGED: Found = {
  "file.page": text("theirs\n"),
  "directory.site": folder({ mode: 0o777 }),
  "packages.tools": installed(),
  "service.nginx": serving(false),
  "user.ada": account("/bin/zsh"),
  "command.once": { type: "command", created: false },
};
const GONE: Found = {
  "file.page": { type: "file", kind: "absent" },
  "directory.site": { type: "directory", kind: "absent" },
  "user.ada": { type: "user", exists: false },
};
const NO_WAY: Found = Object.fromEntries(
  Object.keys(AS_ASKED).map((address) => [address, { type: "unavailable", why: "There is no shell." }] as const),
);

const web = desiredMachine("web");
const trixie = { origin: { kind: "image" as const, distro: "debian", version: "trixie" } };

interface Lying {
  /** What was applied last, and what the stack asks for now. */
  readonly before?: readonly DesiredInside[];
  readonly after?: readonly DesiredInside[];
  /** What is found in place of what state has seen; `false`: nobody looked. */
  readonly found?: Found | false;
  readonly state?: Partial<InsideResource>;
  /** The machine as it was applied, as it is asked for now, and as it is. */
  readonly was?: DesiredMachine;
  readonly now?: DesiredMachine | undefined;
  readonly live?: Partial<MachineFacts>;
  readonly machineState?: Parameters<typeof stateOf>[2];
  readonly options?: Worlds["options"];
  readonly besides?: readonly DesiredResource[];
  readonly besidesPrior?: { readonly [address: string]: ResourceState };
  readonly besidesLive?: readonly MachineFacts[];
}

function lying(given: Lying): Worlds {
  const { before = [], after = [], found = {}, state = {}, was = web, besides = [] } = given;
  const now = "now" in given ? given.now : was;
  const live = liveMachine("web", given.live);
  const states = before.flatMap((each) => {
    const made = insideState(each, { machine: live, look: () => undefined, states: new Map() });
    return made === undefined ? [] : [[each.address, { ...made, ...state }] as const];
  });
  const seen = Object.fromEntries(states.map(([address, { seen: facts }]) => [address, facts]));
  return {
    desired: [...(now === undefined ? [] : [now]), ...after, ...besides],
    prior: { web: stateOf(was, live, given.machineState), ...Object.fromEntries(states), ...given.besidesPrior },
    live: [live, ...(given.besidesLive ?? [])],
    liveMore: { inside: found === false ? {} : { ...seen, ...found } },
    ...(given.options !== undefined && { options: given.options }),
  };
}

const every = all().map(({ address }) => address);
const stoppedByUser = { was: desiredMachine("web", { power: "any" }), live: { state: "stopped" }, found: false } as const;
const stopped = { was: desiredMachine("web", { power: "stopped" }), live: { state: "stopped" }, found: false } as const;
const db = desiredMachine("db");
const liveDb = liveMachine("db");
const withDb = { besides: [db], besidesPrior: { db: stateOf(db, liveDb) }, besidesLive: [liveDb] };
const inDb = { on: at("db") };
const conf = inside("file", "conf", { path: "/etc/conf", content: "a" });
const watching = nginx(true, { restartOn: [conf.address] });
const ip4 = { "~orbform": "ref", address: at("db"), property: "ip4" } as const;
const successor = liveMachine("web-orbform-tmp", { id: machineId(ulid("successor", NOW + 1)), image: { ...liveMachine("web").image, version: "trixie" } });

/** Its replacement was made first, and the run died before the old machine went; then the stack went back. */
function goneBack(after: readonly DesiredInside[], found: Found | false): Worlds {
  const old = liveMachine("web");
  const stateIn = (each: DesiredInside, machine: MachineFacts): InsideResource | undefined =>
    insideState(each, { machine, look: () => undefined, states: new Map() });
  const inBoth = all().flatMap((each) => {
    const [was, now] = [stateIn(each, old), stateIn(each, successor)];
    return was === undefined || now === undefined ? [] : [[each.address, { ...now, was }] as const];
  });
  const deposed = [{ id: old.id, name: old.name, was: stateOf(web, old) }];
  return {
    desired: [web, ...after],
    prior: { web: stateOf({ ...web, ...trixie }, successor, { deposed }), ...Object.fromEntries(inBoth) },
    live: [old, successor],
    liveMore: { inside: found === false ? {} : found },
  };
}

const LOOKED: Readonly<Record<string, Worlds>> = {
  "as-asked-and-only-looked-at": lying({ before: all(), after: all(), options: { mode: "refresh-only" } }),
  "changed-outside-and-only-looked-at": lying({ before: all(), after: all(), found: CHANGED, options: { mode: "refresh-only" } }),
  "gone-outside-and-only-looked-at": lying({ before: all(), after: all(), found: GONE, options: { mode: "refresh-only" } }),
  "asked-otherwise-and-only-looked-at": lying({ before: all(), after: others(), found: AS_ASKED, options: { mode: "refresh-only" } }),
  "new-and-only-looked-at": lying({ after: all(), found: AS_ASKED, options: { mode: "refresh-only" } }),
  "changed-outside-and-asked-for-so": lying({ before: all(), after: others(), found: { "directory.site": folder({ mode: 0o700 }), "user.ada": account("/bin/bash") } }),
  "changed-outside": lying({ before: all(), after: all(), found: CHANGED }),
  "gone-outside": lying({ before: all(), after: all(), found: GONE }),
  "nobody-can-look": lying({ before: all(), after: all(), found: NO_WAY }),
  "nobody-looked": lying({ before: all(), after: all(), found: false }),
  "nobody-looked-and-asked-otherwise": lying({ before: all(), after: others(), found: false }),
  "known-in-another-machine": lying({ before: all(), after: all(), state: { machine: machineId(ulid("former")) } }),
};

const TAKEN: Readonly<Record<string, Worlds>> = {
  "there-already": lying({ after: all(), found: AS_ASKED }),
  "there-already-but-another": lying({ after: all(), found: CHANGED }),
  "there-already-with-conditions": lying({ after: [once(1, { unless: "test" })], found: { "command.once": { type: "command", unless: true } } }),
  "there-already-for-what-is-restarted": lying({ after: [conf, watching], found: { "file.conf": text("a"), "service.nginx": serving(true) } }),
  "begun-and-found-as-asked": lying({ before: all(), after: all(), found: AS_ASKED, state: { unfinished: true } }),
  "begun-and-found-otherwise": lying({ before: all(), after: all(), found: CHANGED, state: { unfinished: true } }),
  "begun-and-not-looked-at": lying({ before: all(), after: all(), found: false, state: { unfinished: true } }),
  "begun-where-ours-stood": lying({ before: [page("one\n")], found: { "file.page": text("zero\n") }, state: { unfinished: true, former: hashText("zero\n") } }),
};

const GOING: Readonly<Record<string, Worlds>> = {
  "all-destroyed": lying({ before: all(), after: all(), options: { mode: "destroy" } }),
  "all-destroyed-but-the-machine": lying({ before: all(), after: all(), options: { mode: "destroy", targets: every } }),
  retained: lying({ before: all(life({ retain: true })) }),
  "retained-and-elsewhere-now": lying({ before: all(), after: elsewhere(life({ retain: true })) }),
  prevented: lying({ before: all(life({ preventDestroy: true })) }),
  "prevented-and-elsewhere-now": lying({ before: all(), after: elsewhere(life({ preventDestroy: true })) }),
  "prevented-and-machine-replaced": lying({ before: all(), after: all(life({ preventDestroy: true })), now: { ...web, ...trixie } }),
  "prevented-and-another-package": lying({ before: [tools("curl")], after: [tools("jq", life({ preventDestroy: true }))], found: { "packages.tools": installed("curl") } }),
  "removed-though-all-was-there": lying({ before: all(), state: { original: text("mine\n") } }),
  "user-removed-who-was-there": lying({ before: [ada("/bin/sh")], state: { original: account("/bin/zsh") } }),
  "service-removed-that-ran": lying({ before: [nginx(true)], state: { original: serving(true) } }),
  "service-removed-that-did-not-run": lying({ before: [nginx(true)], state: { original: serving(false, false) } }),
  "packages-removed-of-which-one-was-there": lying({ before: [packages("tools", ["curl", "jq"])], state: { original: installed("jq") } }),
  "packages-removed-that-were-there": lying({ before: [packages("tools", ["curl", "jq"])], state: { original: installed("jq", "curl") } }),
  "removed-and-changed-outside": lying({ before: all(), found: CHANGED }),
  "removed-by-what-it-is-called": lying({ before: [once(1)] }),
  "machine-gone": lying({ before: all(), now: undefined }),
  "machine-gone-that-is-retained": lying({ before: all(), was: desiredMachine("web", life({ retain: true })), now: undefined }),
  "machine-gone-outside": { ...lying({ before: all() }), live: [] },
  "machine-stopped-and-all-removed": lying({ before: all(), ...stopped }),
  "machine-stopped-by-its-user-and-all-removed": lying({ before: all(), ...stoppedByUser }),
  "machine-stopped-by-its-user-and-elsewhere-now": lying({ before: all(), after: elsewhere(), ...stoppedByUser }),
  "machine-stopped-with-its-power-ignored": lying({ before: all(), after: others(), was: desiredMachine("web", life({ ignoreChanges: ["power"] })), live: { state: "stopped" }, found: false }),
  "machine-excluded-and-stopped": lying({ before: all(), ...stopped, options: { excludes: [at("web")] } }),
  "machine-left-out": lying({ before: all(), now: undefined, options: { excludes: [at("web")] } }),
  "machine-not-targeted": lying({ before: all(), options: { targets: [at("file.page")] } }),
  "machine-not-targeted-and-stopped": lying({ before: [page("one\n")], now: undefined, live: { state: "stopped" }, options: { targets: [at("file.page")] } }),
};

const MOVED: Readonly<Record<string, Worlds>> = {
  "elsewhere-now": lying({ before: all(), after: elsewhere() }),
  "elsewhere-now-and-there-already": lying({ before: all(), after: elsewhere(), found: { "file.page": text("one\n"), "service.nginx": serving(true) } }),
  "elsewhere-now-though-it-was-there-before": lying({ before: [page("one\n")], after: elsewhere().slice(0, 1), state: { original: text("mine\n") } }),
  "in-another-machine-now": lying({ before: all(), after: all(inDb), ...withDb }),
  "in-another-machine-now-and-the-first-is-gone": lying({ before: all(), after: all(inDb), now: undefined, ...withDb }),
  "at-another-address-now": lying({ before: all(), after: [inside("file", "web", page("one\n").properties, life({ aliases: [at("file.page")] }))] }),
  "at-another-address-now-and-another": lying({ before: all(), after: [inside("file", "web", page("two\n").properties, life({ aliases: [at("file.page")] }))] }),
  "lives-otherwise": lying({ before: all(), after: all(life({ retries: 9 })) }),
  "needs-something-else": lying({ before: all(), after: [page("one\n", { dependencies: [at("db")] })], ...withDb }),
  "made-again-as-asked": lying({ before: all(), after: all(), options: { replace: every } }),
  "made-again-though-it-was-there": lying({ before: all(), after: all(), state: { original: text("mine\n") }, options: { replace: every } }),
  "made-again-where-nothing-was": lying({ after: all(), options: { replace: every } }),
  "made-again-on-a-stopped-machine": lying({ before: all(), after: all(), ...stoppedByUser, options: { replace: every } }),
  "made-again-where-all-is-ignored": lying({ before: all(), after: others(life({ ignoreChanges: ["all"] })), options: { replace: every } }),
  "given-to-two": lying({
    before: [packages("tools", ["curl", "jq"])],
    after: [packages("tools", ["git"]), packages("a", ["curl"]), packages("b", ["jq"])],
    found: { "packages.tools": installed("curl", "jq"), "packages.a": installed("curl"), "packages.b": installed("jq") },
  }),
  "given-to-one-that-is-left-out": lying({
    before: [packages("tools", ["curl", "jq"])],
    after: [packages("tools", ["git"]), packages("a", ["curl"])],
    found: { "packages.tools": installed("curl", "jq") },
    options: { excludes: [at("packages.a")] },
  }),
  "removed-and-given-to-one-that-is-left-out": lying({
    before: [packages("tools", ["curl", "jq"])],
    after: [packages("a", ["curl"])],
    options: { excludes: [at("packages.a")] },
  }),
  "got-from-another": lying({
    before: [packages("tools", ["curl"]), packages("a", ["jq"])],
    after: [packages("tools", []), packages("a", ["curl", "jq"])],
    found: { "packages.a": installed("curl", "jq") },
  }),
};

const KEPT: Readonly<Record<string, Worlds>> = {
  "ignored-but-asked-otherwise": lying({
    before: all(),
    after: [
      page("two\n", life({ ignoreChanges: ["content"] })),
      site(0o700, life({ ignoreChanges: ["mode"] })),
      tools("jq", life({ ignoreChanges: ["install"] })),
      nginx(false, life({ ignoreChanges: ["running"] })),
      ada("/bin/bash", life({ ignoreChanges: ["shell"] })),
      once(2, { creates: "/srv/made" }, life({ ignoreChanges: ["triggers"] })),
    ],
  }),
  "ignored-but-not-there": lying({ before: all(), after: all(life({ ignoreChanges: ["content", "mode", "shell"] })), found: GONE }),
  "ignored-in-part": lying({ before: all(), after: [page("two\n", { ...life({ ignoreChanges: ["content"] }), properties: { ...page("two\n").properties, mode: 0o600 } })], found: CHANGED }),
  "ignored-removal-of-packages": lying({
    before: [packages("tools", ["curl", "jq"])],
    after: [inside("packages", "tools", { install: { curl: "present" }, remove: ["jq"] }, life({ ignoreChanges: ["remove"] }))],
    found: { "packages.tools": installed("curl", "jq") },
  }),
  "secret-as-it-was": lying({ before: [page("secret\n", { sensitive: true })], after: [page("secret\n", { sensitive: true })] }),
  "secret-made": lying({ after: [page("secret\n", { sensitive: true }), site(0o755)] }),
  "secret-changed-outside": lying({ before: [page("secret\n", { sensitive: true })], after: [page("secret\n", { sensitive: true })], found: { "file.page": text("theirs\n") } }),
  "secret-and-machine-stopped": lying({ before: [page("secret\n", { sensitive: true })], after: [page("secret\n", { sensitive: true })], ...stopped }),
  "secret-of-what-is-not-known": lying({ after: [page(ip4, { sensitive: true, dependencies: [at("db")] })], besides: [db] }),
  "no-package-at-all": lying({ after: [packages("none", [])] }),
  "text-too-long-to-show": lying({ after: [page("long ".repeat(20_000))] }),
  "text-not-known-yet": lying({ before: [page("one\n")], after: [page(ip4, { dependencies: [at("db")] })], besides: [db] }),
  "text-not-known-and-not-changing": lying({ before: [page("one\n")], after: [page(ip4, { dependencies: [at("db")] })], ...withDb }),
  "text-not-known-and-changed-outside": lying({ before: [page("one\n")], after: [page(ip4, { dependencies: [at("db")] })], found: CHANGED, ...withDb }),
  "restarted-for-what-changes": lying({ before: [conf, watching], after: [inside("file", "conf", { path: "/etc/conf", content: "b" }), watching] }),
  "restarted-for-what-an-interrupted-run-changed": lying({ before: [conf, watching], after: [conf, watching], state: { startedWith: { [conf.address]: 7 } } }),
  "restarted-though-it-is-to-stop": lying({ before: [conf, watching], after: [inside("file", "conf", { path: "/etc/conf", content: "b" }), nginx(false, { restartOn: [conf.address] })] }),
  "restarted-for-nothing-new": lying({ before: [conf, watching], after: [conf, watching], state: { startedWith: { [conf.address]: 1 } } }),
  "restarted-for-what-has-no-state": lying({ before: [nginx(true)], after: [conf, watching] }),
  "two-of-one-path": lying({ after: [page("one\n"), inside("file", "other", { path: "/srv/page", content: "x" })] }),
  "a-link-in-the-way-that-goes": lying({
    before: [inside("directory", "old", { path: "/srv/page" })],
    after: [page("one\n")],
    found: { "file.page": { type: "file", kind: "directory" } },
  }),
};

const MACHINES: Readonly<Record<string, Worlds>> = {
  "made-to-end-stopped": { desired: [desiredMachine("web", { power: "stopped" }), ...all()] },
  "made-and-its-users": { desired: [desiredMachine("web", { power: "any" }), ...all()] },
  "cloned-and-its-users": { desired: [db, cloneOf("web", "db", { power: "any" }), ...all()] },
  "cloned-to-end-stopped": { desired: [db, cloneOf("web", "db", { power: "stopped" }), ...all()] },
  "cloned-and-run": { desired: [db, cloneOf("web", "db"), page("one\n")] },
  "made-before-its-predecessor-goes": lying({ before: all(), after: all(), now: { ...web, ...trixie, ...life({ createBeforeDestroy: true }) } }),
  "made-before-its-predecessor-goes-and-stopped": lying({ before: all(), after: all(), was: stopped.was, now: { ...stopped.was, ...trixie, ...life({ createBeforeDestroy: true }) } }),
  "replaced-to-end-stopped": lying({ before: [page("one\n")], after: [page("one\n")], was: stopped.was, now: { ...stopped.was, ...trixie } }),
  started: lying({ before: all(), after: others(), live: { state: "stopped" }, found: false }),
  "stopped-last": lying({ before: all(), after: others(), now: stopped.was }),
  "stopped-last-and-renamed": lying({ before: [page("one\n")], after: [page("two\n")], now: { ...stopped.was, name: "www" } }),
  "restarted-for-its-limits": lying({ before: [page("one\n")], after: [page("two\n")], now: desiredMachine("web", { settings: { cpus: 2 } }) }),
  "restarted-for-its-limits-and-stopped": lying({ before: [page("one\n")], after: [page("two\n")], was: stopped.was, now: { ...stopped.was, settings: { cpus: 2 } } }),
  "started-for-it": lying({ before: all(), after: others(), ...stopped }),
  "started-for-it-and-renamed": lying({ before: [page("one\n")], after: [page("two\n")], ...stopped, now: { ...stopped.was, name: "www" } }),
  "started-for-it-with-a-predecessor": lying({
    before: [page("one\n")],
    after: [page("two\n")],
    ...stopped,
    machineState: { deposed: [{ id: successor.id, name: successor.name, was: stateOf(web, successor) }] },
    besidesLive: [successor],
  }),
  "running-with-a-predecessor": lying({
    before: [page("one\n")],
    after: [page("two\n")],
    machineState: { deposed: [{ id: successor.id, name: successor.name, was: stateOf(web, successor) }] },
    besidesLive: [successor],
  }),
  "nothing-to-do-on-a-stopped-machine": lying({ before: all(), after: all(), ...stopped }),
  "conditions-on-a-stopped-machine": lying({
    before: [once(1, { creates: "/srv/made", unless: "test", onlyIf: "true" })],
    after: [once(1, { creates: "/srv/made", unless: "other" })],
    state: { seen: { type: "command", created: false, unless: false, onlyIf: true } },
    ...stopped,
  }),
  "another-path-on-a-stopped-machine": lying({ before: all(), after: elsewhere(), ...stopped }),
  "its-users-and-stopped-and-nothing-known": lying({ after: all(), ...stoppedByUser }),
  "its-users-and-stopped-and-changed": lying({ before: all(), after: others(), ...stoppedByUser }),
  "current-again": goneBack(all(), AS_ASKED),
  "current-again-and-changed": goneBack(others(), CHANGED),
  "current-again-and-not-looked-at": goneBack(all(), false),
  "current-again-and-all-removed": goneBack([], AS_ASKED),
  adopted: { desired: [web, ...all()], live: [liveMachine("web")], options: { adopt: [at("web")] } },
  "cloned-while-it-is-worked-in": lying({ before: all(), after: [...others(), cloneOf("copy", "web")] as never }),
};

const ROOMS = { looked: LOOKED, taken: TAKEN, going: GOING, moved: MOVED, kept: KEPT, machines: MACHINES };

describe.each(Object.entries(ROOMS))("what lies inside, %s", (room, scenarios) => {
  test.each(Object.entries(scenarios))("%s, is planned as it was before", async (name, worlds) => {
    await expect(wholePlan(planOf(worlds))).toMatchFileSnapshot(`inside/${room}/${name}.txt`);
  });
});
