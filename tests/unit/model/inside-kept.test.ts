import { describe, expect, it } from "vitest";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import {
  finishedInside,
  partedBy,
  settledInside,
  unfinishedInside,
  type InsideBegin,
} from "../../../src/model/inside-kept.ts";
import type { MachineId } from "../../../src/model/machine.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { inside } from "../../support/execute-builders.ts";
import { at, liveMachine } from "../../support/plan-builders.ts";

const settled = inside("file", "page", { path: "/srv/page", content: "" });
const holding = (digest: string): InsideFacts => ({ type: "file", kind: "file", digest, size: 1 });
const begin = (digest: string, found: InsideFacts, prior?: InsideBegin["prior"]): InsideBegin => ({
  serial: 0,
  machine: liveMachine("web").id,
  settled,
  inputs: { type: "file", path: "/srv/page", digest },
  found,
  prior,
});
const written = finishedInside(begin("one", { type: "file", kind: "absent" }), holding("one"));

describe("what state keeps of a file whose change was begun", () => {
  it("tells what stood there before where that is ours, also of one change after another", () => {
    const begun = unfinishedInside(begin("two", holding("one"), written));
    expect([begun.unfinished, begun.former]).toEqual([true, "one"]);
    expect(unfinishedInside(begin("three", holding("one"), begun)).former).toBe("one");
    expect(unfinishedInside(begin("three", holding("two"), begun)).former).toBe("two");
  });

  it("tells nothing where somebody else's stood there, though it was seen", () => {
    const changed = { ...written, seen: holding("theirs") };
    expect(unfinishedInside(begin("two", holding("theirs"), changed))).not.toHaveProperty("former");
    expect(unfinishedInside(begin("two", holding("theirs")))).not.toHaveProperty("former");
  });

  it("is over with the change", () => {
    const begun = unfinishedInside(begin("two", holding("one"), written));
    const done = finishedInside(begin("two", holding("one"), begun), holding("two"));
    expect([done.unfinished, done.former]).toEqual([undefined, undefined]);
  });
});

describe("what state keeps of something whose machine is replaced", () => {
  const [old, successor] = [liveMachine("web").id, liveMachine("www").id];
  const again = (state: InsideResource, machine: MachineId) =>
    finishedInside(
      { ...begin("one", { type: "file", kind: "absent" }), machine, ...partedBy(state, machine) },
      holding("one"),
    );

  it("holds also what it was in the one before, once", () => {
    const both = again(written, successor);
    expect([both.machine, both.was]).toEqual([successor, written]);
    const { was: _was, ...current } = both;
    expect(again(both, old)).toMatchObject({ machine: old, was: current });
    expect(again(both, liveMachine("wwww").id).was).toEqual(current);
  });

  it("holds nothing of it where the stack has it in another machine now", () => {
    const moved = { ...written, on: at("db") };
    expect(again(moved, successor)).not.toHaveProperty("was");
  });

  it("has a revision that nothing at its address had before, for who was started with that", () => {
    const after = { ...begin("one", { type: "file", kind: "absent" }), serial: 7 };
    expect(finishedInside(after, holding("one")).revision).toBeGreaterThan(7);
    expect(finishedInside({ ...after, prior: { ...written, revision: 3 } }, holding("one")).revision).toBe(4);
  });
});

it("forgets what it saw of packages that are no longer asked for", () => {
  const tools = (install: { readonly [name: string]: string }): InsideWish => ({
    type: "packages",
    install,
    remove: [],
  });
  const found: InsideFacts = { type: "packages", manager: "apt", installed: { curl: "1", jq: "1" }, newer: {} };
  const resource = inside("packages", "tools", { install: { jq: "present" } });
  const inputs = tools({ curl: "present", jq: "present" });
  const state = finishedInside({ ...begin("", found), settled: resource, inputs }, found);
  expect(settledInside(state, resource, tools({ jq: "present" })).seen).toEqual({ ...found, installed: { jq: "1" } });
});
