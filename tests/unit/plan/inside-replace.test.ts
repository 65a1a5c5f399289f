import { describe, expect, test } from "vitest";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredInside } from "../../../src/model/resource.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { hashText } from "../../../src/state/digest.ts";
import { inside } from "../../support/execute-builders.ts";
import { ada, all, folder, GONE, goneBack, life, lying, nginx, page, site, text } from "../../support/inside-worlds.ts";
import { at, changesOf, desiredMachine, liveMachine, planOf, stateOf } from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");

interface Case {
  readonly desired: DesiredInside;
  readonly inputs: InsideWish;
  /** Where it is not what is found now. */
  readonly seen?: InsideFacts;
  readonly facts: InsideFacts;
  readonly original: InsideFacts;
}

/** What a plan says that is asked to replace it. */
function replaced({ desired, inputs, facts, original, seen = facts }: Case) {
  const state: InsideResource = {
    type: desired.type,
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    on: desired.on,
    machine: live.id,
    inputs,
    seen,
    original,
  };
  const plan = planOf({
    desired: [web, desired],
    prior: { "machine.web": stateOf(web, live), [desired.address]: state },
    live: [live],
    liveMore: { inside: { [desired.address]: facts } },
    options: { replace: [desired.address] },
  });
  const said = plan.diagnostics.map(({ severity, code, detail }) => `${severity} ${code} ${detail}`);
  return { changes: changesOf(plan), said, notes: plan.changes.flatMap(({ notes }) => notes), actions: plan.actions };
}

const jq = (version: string | null): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed: { jq: version },
  newer: {},
});

const packages = (...names: readonly string[]): Case => {
  const install = Object.fromEntries(names.map((name) => [name, "present"]));
  return {
    desired: inside("packages", "tools", { install, remove: [] }),
    inputs: { type: "packages", install: { jq: "present" }, remove: [] },
    facts: jq("1"),
    original: jq(null),
  };
};

const command = (facts: { readonly created: boolean }): Case => ({
  desired: inside("command", "once", { run: "true", creates: "/srv/done" }),
  inputs: { type: "command", run: "true", creates: "/srv/done" },
  facts: { type: "command", ...facts },
  original: { type: "command" },
});

const file = (original: InsideFacts, lifecycle = {}, now = {}): Case => ({
  desired: inside(
    "file",
    "page",
    { path: "/srv/page", content: "one\n" },
    { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } },
  ),
  inputs: { type: "file", path: "/srv/page", digest: hashText("one\n") },
  seen: { type: "file", kind: "file", digest: hashText("one\n") },
  facts: { type: "file", kind: "file", digest: hashText("one\n"), ...now },
  original,
});

const ADA: InsideFacts = { type: "user", exists: true, uid: 1000, shell: "/bin/sh" };

const user = (now: object): Case => ({
  desired: inside("user", "ada", { name: "ada", shell: "/bin/sh" }),
  inputs: { type: "user", name: "ada", shell: "/bin/sh" },
  seen: ADA,
  facts: { ...ADA, ...now },
  original: { type: "user", exists: false },
});

const SERVICE: InsideFacts = { type: "service", manager: "systemd", exists: true, running: true, enabled: true };

describe("what is to be replaced as requested, and is not", () => {
  test.each<[string, Case, string]>([
    ["packages", packages("jq"), "What is installed is not taken away and installed again."],
    [
      "a command whose work is done",
      command({ created: true }),
      "Its condition keeps it from being run: what it makes is there, or onlyIf does not hold.",
    ],
    [
      "a file that stood there before",
      file({ type: "file", kind: "file", digest: "d0" }),
      "It was there before Orbform came to it, and what was there before is not taken away.",
    ],
    [
      "a file that is retained",
      file({ type: "file", kind: "absent" }, { retain: true }),
      "Its lifecycle says retain: nothing of it is taken away.",
    ],
    [
      "a file that somebody has changed in a way that nothing is asked of",
      file({ type: "file", kind: "absent" }, {}, { owner: "ada" }),
      "Somebody else has changed it or made it anew since it was applied, so it is not taken away.",
    ],
    [
      "a user that somebody made anew",
      user({ uid: 2000 }),
      "Somebody else has changed it or made it anew since it was applied, so it is not taken away.",
    ],
    [
      "a service that was so before",
      {
        desired: inside("service", "ssh", { name: "ssh", running: true }),
        inputs: { type: "service", name: "ssh", running: true },
        facts: SERVICE,
        original: SERVICE,
      },
      "It was like this before Orbform came to it, so there is nothing to put back and do again.",
    ],
  ])("is said: %s", (_, each, why) => {
    expect(replaced(each)).toEqual({
      actions: [],
      changes: [],
      said: [`warning ORB_USAGE --replace names ${each.desired.address}. ${why}`],
      notes: [],
    });
  });

  test("is said also of packages for which something else is done, and not claimed", () => {
    const { changes, said, notes } = replaced(packages("jq", "curl"));
    expect([changes, said.length, notes]).toEqual([["packages.tools update"], 1, ["in machine.web"]]);
  });
});

test("what somebody has changed is written over, and that it is not taken away is said", () => {
  const theirs = file({ type: "file", kind: "absent" }, {}, { digest: hashText("theirs\n") });
  const { changes, said, notes, actions } = replaced(theirs);
  expect([changes, said.length, notes]).toEqual([["file.page update"], 1, ["in machine.web"]]);
  expect(actions.map(({ kind }) => kind)).toEqual(["write"]);
});

test.each([
  ["a file", file({ type: "file", kind: "absent" }, { ignoreChanges: ["content"] }), { type: "file", kind: "absent" }],
  ["a user", withIgnored(user({}), ["shell"]), { type: "user", exists: false }],
] as const)(
  "%s that is made anew gets what is ignored otherwise, and the plan knows that it is gone then",
  (_, given, before) => {
    const { actions } = replaced(given);
    expect(actions.map(({ kind }) => kind)).toEqual(["remove", "write"]);
    expect(actions[1]).toMatchObject({ properties: given.desired.properties, before });
  },
);

function withIgnored(given: Case, ignoreChanges: readonly string[]): Case {
  return { ...given, desired: { ...given.desired, lifecycle: { ...DEFAULT_LIFECYCLE, ignoreChanges } } };
}

test("what is replaced as requested needs no word", () => {
  expect(replaced(command({ created: false }))).toMatchObject({ changes: ["command.once update"], said: [] });
  expect(replaced(file({ type: "file", kind: "absent" }))).toMatchObject({
    changes: ["file.page replace (replace: requested)"],
    said: [],
  });
});

test("a directory that holds something is not taken away to be made again, and keeps what is ignored", () => {
  const ignoring = site(0o755, life({ ignoreChanges: ["mode"] }));
  const found = { "directory.site": folder({ mode: 0o2775, isEmpty: false }) };
  const plan = planOf(lying({ before: [site(0o755)], after: [ignoring], found, ...asked("directory.site") }));
  expect([plan.actions, plan.diagnostics.map(({ detail }) => detail)]).toEqual([
    [],
    ["--replace names directory.site. It holds something, and only an empty directory is taken away."],
  ]);
});

test("what is gone is made again, and nothing is taken away for it", () => {
  for (const { before, address } of [
    { before: [page("one\n")], address: "file.page" },
    { before: [ada("/bin/sh")], address: "user.ada" },
  ]) {
    const plan = planOf(lying({ before, after: before, found: GONE, ...asked(address) }));
    expect(plan.changes).toMatchObject([{ action: "create", reason: "create: deleted outside" }]);
    expect([plan.actions.length, plan.diagnostics]).toEqual([1, []]);
  }
});

test("what was found in the successor says nothing of what is current again", () => {
  const worlds = { ...goneBack(all(), { "file.page": text("theirs\n") }), ...asked("file.page") };
  expect(planOf(worlds).changes).toContainEqual(
    expect.objectContaining({ address: "file.page", reason: "replace: requested" }),
  );
});

test("a service that is put back and set again keeps what is ignored as it is", () => {
  const ignoring = nginx(false, life({ ignoreChanges: ["running"] }));
  const given = lying({ before: [nginx(true)], after: [ignoring], ...asked("service.nginx") });
  expect(planOf(given).actions.at(-1)).toMatchObject({ kind: "write", properties: { name: "nginx", enabled: true } });
});

function asked(address: string) {
  return { options: { replace: [at(address)] } };
}
