import { describe, expect, test } from "vitest";
import { ownPackages, type InsideFacts, type InsideWish } from "../../../src/model/inside.ts";
import { ignoredAt, ignoredOf, withoutIgnored } from "../../../src/model/inside-ignored.ts";
import { finishedInside, settledInside } from "../../../src/model/inside-kept.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { inside } from "../../support/execute-builders.ts";
import { liveMachine } from "../../support/plan-builders.ts";

const ignoring = (...ignoreChanges: readonly string[]) => ({ ...DEFAULT_LIFECYCLE, ignoreChanges });

const packages = (...names: readonly string[]): InsideWish => ({
  type: "packages",
  install: Object.fromEntries(names.map((name) => [name, "present"])),
  remove: [],
});

const found = (installed: { readonly [name: string]: string | null }): InsideFacts => ({
  type: "packages",
  manager: "apt",
  installed,
  newer: {},
});

describe("what was applied of what is asked", () => {
  const before: InsideWish = { type: "file", path: "/a", digest: "one", mode: 0o600 };
  const asked: InsideWish = { type: "file", path: "/a", digest: "two", mode: 0o644, owner: "me" };

  test("is of what is ignored what was applied before", () => {
    expect(withoutIgnored(asked, ignoredOf(ignoring("content", "owner")), before)).toEqual({
      type: "file",
      path: "/a",
      digest: "one",
      mode: 0o644,
    });
    expect(withoutIgnored(asked, ignoredOf(ignoring("source", "mode")), undefined)).toEqual({
      type: "file",
      path: "/a",
      digest: "two",
      owner: "me",
    });
  });

  test("is all of what was not there before", () => {
    expect([...ignoredAt(ignoring("mode"), { type: "file", kind: "absent" })]).toEqual([]);
    expect([...ignoredAt(ignoring("mode"), undefined)]).toEqual([]);
    expect([...ignoredAt(ignoring("mode", "path"), { type: "file", kind: "file" })]).toEqual(["mode"]);
  });

  test("is not a service's running that somebody else saw to", () => {
    const service: InsideWish = { type: "service", name: "ssh", running: true, enabled: true };
    expect(withoutIgnored(service, ignoredOf(ignoring("running")), undefined)).toEqual({
      type: "service",
      name: "ssh",
      enabled: true,
    });
  });
});

describe("settling", () => {
  const settled = inside("packages", "tools", {});
  const { id: machine } = liveMachine("web");
  const begin = { serial: 0, machine, settled, inputs: packages("z"), found: found({ z: null }), prior: undefined };
  const state = finishedInside(begin, found({ z: "1" }));

  test("makes no package ours, whatever was seen of it", () => {
    expect(ownPackages(state)).toEqual(["z"]);
    const none = { ...state, seen: found({ z: "1", x: null }) };
    for (const each of [none, state, { ...state, seen: found({ z: "1", x: "7" }) }])
      expect(ownPackages(settledInside(each, settled, packages("z", "x")))).toEqual(["z"]);
  });

  test("leaves what is ignored as it was applied", () => {
    const apart = { ...settled, lifecycle: ignoring("install") };
    expect(settledInside(state, apart, packages("x")).inputs).toEqual(packages("z"));
  });
});
