import { expect, test } from "vitest";
import { machineId, SETTING_DEFAULTS, type MachineFacts } from "../../../src/model/machine.ts";
import type { PendingIntent } from "../../../src/model/snapshot.ts";
import { recover, strangeness, ulidTime } from "../../../src/diff/recovery.ts";

test("reads the time in a ULID", () => {
  expect(ulidTime("01ARYZ6S41TSV4RRFFQ69G5FAV")).toBe(1_469_918_176_385);
});

test("an id that is no ULID tells no time", () => {
  expect([ulidTime("01GQQVF6C60000000000DOCKER"), ulidTime(""), ulidTime("web")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

const AT = 1_469_918_176_385;
const pending: PendingIntent = {
  action: "create",
  name: "web",
  at: AT,
  timeoutMs: 60_000,
  expected: { distro: "alma", version: "9", arch: "arm64", user: "dev" },
  knownIds: ["01ARYZ6S41AAAAAAAAAAAAAAAA"],
};
const web: MachineFacts = {
  id: machineId("01ARYZ6S41TSV4RRFFQ69G5FAV"),
  name: "web",
  state: "running",
  image: { distro: "almalinux", version: "9", arch: "arm64", variant: "default" },
  builtin: false,
  settings: { ...SETTING_DEFAULTS, user: "dev" },
};

test("a machine made in time, of the intended image and user, is the one that was announced", () => {
  expect(strangeness(pending, web)).toBeUndefined();
});

test.each<[string, Partial<PendingIntent>, Partial<MachineFacts>]>([
  ["it existed before that run", {}, { id: machineId("01ARYZ6S41AAAAAAAAAAAAAAAA") }],
  ["it was not made at that time", { at: AT + 121_000 }, {}],
  ["it was not made at that time", { at: AT - 181_000 }, {}],
  ["it was not made at that time", {}, { id: machineId("web") }],
  ["it has another image", {}, { image: { ...web.image, distro: "rockylinux" } }],
  ["it has another architecture", {}, { image: { ...web.image, arch: "amd64" } }],
  ["it has another default user", {}, { settings: { ...web.settings, user: "root" } }],
])("a machine is strange where %s", (why, intent, facts) => {
  expect(strangeness({ ...pending, ...intent }, { ...web, ...facts })).toBe(why);
});

test("what is not told of a machine is not held against it", () => {
  const { user: _user, ...settings } = web.settings;
  const untold = { ...web, settings, image: { ...web.image, distro: "", version: "", arch: "" } };
  expect(strangeness(pending, untold)).toBeUndefined();
  expect(
    strangeness({ ...pending, expected: {} }, { ...web, settings: { ...settings, user: "root" } }),
  ).toBeUndefined();
});

test("the version that was announced counts only where there is one", () => {
  const { version: _version, ...bare } = pending.expected;
  const newer = { ...web, image: { ...web.image, version: "10" } };
  expect([strangeness(pending, newer), strangeness({ ...pending, expected: bare }, newer)]).toEqual([
    "it has another image",
    undefined,
  ]);
});

test("a restored machine keeps an id of any time", () => {
  const early = { ...pending, action: "restore" as const, at: AT + 999_999 };
  expect([strangeness(early, web), strangeness({ ...early, action: "clone" }, web)]).toEqual([
    undefined,
    "it was not made at that time",
  ]);
});

test("two minutes of another clock are allowed for, before and after", () => {
  const at = (ms: number) => strangeness({ ...pending, at: ms }, web);
  expect([at(AT + 120_000), at(AT - 180_000)]).toEqual([undefined, undefined]);
  expect([at(AT + 120_001), at(AT - 180_001)]).toEqual([
    "it was not made at that time",
    "it was not made at that time",
  ]);
});

test("an announced machine is waited for until its time has passed", () => {
  const until = AT + 60_000;
  expect([recover(pending, undefined, until), recover(pending, undefined, until + 1)]).toEqual([
    { kind: "waiting", until },
    { kind: "over" },
  ]);
});

test("an announced machine that is on its way is waited for, however long it takes", () => {
  const machine = { ...web, state: "creating" as const };
  expect([recover(pending, machine, AT), recover(pending, machine, AT + 90_000)]).toEqual([
    { kind: "waiting", until: AT + 60_000 },
    { kind: "waiting", until: AT + 90_000 },
  ]);
});

test("a machine is found, or it is told why it can't be said to be ours", () => {
  const amd = { ...web, image: { ...web.image, arch: "amd64" } };
  const known = { ...pending, knownIds: [web.id] };
  expect(recover(pending, web, AT)).toEqual({ kind: "found", machine: web });
  expect(recover(pending, amd, AT)).toEqual({ kind: "unclear", machine: amd, why: "it has another architecture" });
  expect(recover(known, { ...web, state: "creating" }, AT)).toMatchObject({
    kind: "unclear",
    why: "it existed before that run",
  });
});

test("an id with more or fewer letters than a ULID tells no time, one in lower case does", () => {
  const ulid = "01ARYZ6S41TSV4RRFFQ69G5FAV";
  expect([`${ulid}0`, `0${ulid}`, ulid.slice(1)].map(ulidTime)).toEqual([undefined, undefined, undefined]);
  expect(ulidTime(ulid.toLowerCase())).toBe(AT);
});
