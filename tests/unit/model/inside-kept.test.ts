import { describe, expect, it } from "vitest";
import type { InsideFacts } from "../../../src/model/inside.ts";
import { finishedInside, unfinishedInside, type InsideBegin } from "../../../src/model/inside-kept.ts";
import { inside } from "../../support/execute-builders.ts";
import { liveMachine } from "../../support/plan-builders.ts";

const settled = inside("file", "page", { path: "/srv/page", content: "" });
const holding = (digest: string): InsideFacts => ({ type: "file", kind: "file", digest, size: 1 });
const begin = (digest: string, found: InsideFacts, prior?: InsideBegin["prior"]): InsideBegin => ({
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
