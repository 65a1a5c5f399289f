import { expect, test } from "vitest";
import { machineId, SETTING_DEFAULTS, type MachineFacts } from "../../../src/model/machine.ts";
import type { PendingIntent } from "../../../src/model/snapshot.ts";
import { strangeness, ulidTime } from "../../../src/diff/recovery.ts";

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
