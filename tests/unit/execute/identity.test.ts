import { expect, test } from "vitest";
import { looksLikeOurs } from "../../../src/execute/identity.ts";
import { machineId, type MachineDetails } from "../../../src/model/machine.ts";
import type { PendingIntent } from "../../../src/model/snapshot.ts";
import { liveMachine, NOW } from "../../support/plan-builders.ts";

const pending: PendingIntent = {
  action: "create",
  name: "web",
  at: NOW,
  timeoutMs: 60_000,
  expected: {},
  knownIds: [],
};

function machine(image: Partial<MachineDetails["image"]>): MachineDetails {
  const live = liveMachine("web");
  return { ...live, image: { ...live.image, ...image } };
}

test.each([
  ["arm64", "aarch64"],
  ["amd64", "x86_64"],
  ["amd64", "amd64"],
])("an architecture of %s is %s too", (arch, stored) => {
  expect(looksLikeOurs(machine({ arch: stored }), { ...pending, expected: { arch } }, new Set())).toBe(true);
});

test("another architecture is not ours", () => {
  expect(looksLikeOurs(machine({ arch: "amd64" }), { ...pending, expected: { arch: "arm64" } }, new Set())).toBe(false);
});

test.each([
  ["alma", "almalinux"],
  ["rocky", "rockylinux"],
  ["arch", "archlinux"],
  ["void", "voidlinux"],
  ["Debian", "debian"],
])("a distro made as %s is %s", (distro, stored) => {
  expect(looksLikeOurs(machine({ distro: stored }), { ...pending, expected: { distro } }, new Set())).toBe(true);
});

test("an id known before is not ours, nor one of another time or of none", () => {
  const web = machine({});
  expect(looksLikeOurs(web, pending, new Set([web.id]))).toBe(false);
  expect(looksLikeOurs(web, { ...pending, at: NOW + 10 * 60_000 }, new Set())).toBe(false);
  expect(looksLikeOurs({ ...web, id: machineId("no-ulid") }, pending, new Set())).toBe(false);
});

test("of one that is still being made what it is made of does not count yet, and its id does", () => {
  const expected = { distro: "ubuntu", arch: "arm64", user: "me" };
  const making = { ...machine({ arch: "" }), state: "creating" as const };
  expect(looksLikeOurs(making, { ...pending, expected }, new Set())).toBe(true);
  expect(looksLikeOurs(making, { ...pending, expected }, new Set([making.id]))).toBe(false);
  expect(looksLikeOurs({ ...making, state: "running" }, { ...pending, expected }, new Set())).toBe(false);
});
