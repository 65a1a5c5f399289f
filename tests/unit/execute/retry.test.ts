import { describe, expect, it } from "vitest";
import { backoffMs, decide, isOverload, isVerdict, type Decision, type Failure } from "../../../src/execute/retry.ts";

const ROWS: readonly (readonly [string, Partial<Failure>, Decision])[] = [
  ["takes what is there already as done", { outcome: "done" }, "done"],
  [
    "takes a machine that is not found by its delete as gone",
    { verb: "delete", kind: "not found", outcome: "refused" },
    "done",
  ],
  ["fails where a machine to start is not found", { verb: "start", kind: "not found", outcome: "refused" }, "fail"],
  [
    "says that a name is taken where nothing of ours was done",
    { kind: "already exists", outcome: "refused", attempt: 2 },
    "taken",
  ],
  [
    "looks whose a name is after an attempt that may have made it",
    { kind: "already exists", outcome: "refused", attempt: 2, uncertain: true },
    "look",
  ],
  [
    "says that a name is taken by a rename's later attempt too",
    { verb: "rename", kind: "already exists", outcome: "refused", attempt: 2, uncertain: true },
    "taken",
  ],
  [
    "looks whose a name is where a clone may have made it",
    { verb: "clone", kind: "already exists", outcome: "refused", attempt: 2, uncertain: true },
    "look",
  ],
  [
    "looks whose a name is where a restore may have made it",
    { verb: "restore", kind: "already exists", outcome: "refused", attempt: 2, uncertain: true },
    "look",
  ],
  [
    "looks whose a name is once more when the attempts are used up",
    { kind: "already exists", outcome: "refused", attempt: 4, uncertain: true },
    "look",
  ],
  [
    "says that a name is taken where it has looked once more",
    { kind: "already exists", outcome: "refused", attempt: 5, uncertain: true },
    "taken",
  ],
  [
    "never begins beside a change inside that is at work beyond its time",
    { verb: "exec", kind: "at work", outcome: "unknown" },
    "fail",
  ],
  ["never runs again what may have run", { verb: "exec", kind: "untold", outcome: "unknown" }, "fail"],
  ["waits for a machine in transition", { verb: "delete", kind: "in transition", outcome: "nothing" }, "settle"],
  [
    "takes the disk limit away for a delete without space",
    { verb: "delete", kind: "no space", outcome: "refused" },
    "free space",
  ],
  [
    "takes the disk limit away for a rename without space",
    { verb: "rename", kind: "no space", outcome: "refused" },
    "free space",
  ],
  [
    "takes the disk limit away for a delete without space as often as there are attempts",
    { verb: "delete", kind: "no space", outcome: "refused", attempt: 3 },
    "free space",
  ],
  [
    "takes the disk limit away once even where nothing is to be tried again",
    { verb: "delete", kind: "no space", outcome: "refused", retries: 0 },
    "free space",
  ],
  [
    "fails a delete that is refused for another reason",
    { verb: "delete", kind: "refused", outcome: "refused" },
    "fail",
  ],
  [
    "gives up on a delete that never has space",
    { verb: "delete", kind: "no space", outcome: "refused", attempt: 4 },
    "fail",
  ],
  ["fails a create on a full disk", { kind: "no space", outcome: "refused" }, "fail"],
  ["tries again after a time-out", { kind: "timed out", outcome: "unknown" }, "again"],
  ["tries again after a lost answer", { kind: "other", outcome: "unknown" }, "again"],
  ["tries the last attempt after a time-out", { kind: "timed out", outcome: "unknown", attempt: 3 }, "again"],
  ["tries again after a time-out that did nothing", { kind: "timed out", outcome: "nothing" }, "again"],
  ["tries the last attempt after what did nothing", { kind: "transport", outcome: "nothing", attempt: 3 }, "again"],
  ["fails what was refused, also for a reason that can pass", { kind: "transport", outcome: "refused" }, "fail"],
  ["looks once more when the attempts are used up", { kind: "timed out", outcome: "unknown", attempt: 4 }, "look"],
  ["tries again while the service starts", { kind: "service starting", outcome: "nothing" }, "again"],
  ["tries again after a lost connection", { kind: "transport", outcome: "nothing" }, "again"],
  ["tries again after a failed download", { kind: "download failed", outcome: "nothing" }, "again"],
  ["tries again without an address", { kind: "no address", outcome: "nothing" }, "again"],
  ["tries again after a shutdown", { kind: "shutdown", outcome: "nothing" }, "again"],
  ["tries again after a crash at boot", { kind: "crashed", outcome: "nothing" }, "again"],
  ["fails when the attempts are used up", { kind: "transport", outcome: "nothing", attempt: 4 }, "fail"],
  ["fails without any repetition where none is wanted", { kind: "transport", outcome: "nothing", retries: 0 }, "fail"],
  ["fails without the image", { kind: "image not found", outcome: "refused" }, "fail"],
  ["fails what is refused", { kind: "refused", outcome: "refused" }, "fail"],
  ["fails without the program", { kind: "no program", outcome: "refused" }, "fail"],
  ["fails what did nothing for a reason it doesn't know", { kind: "other", outcome: "nothing" }, "fail"],
];

describe("the retry table", () => {
  it.each(ROWS)("%s", (_, failure, decision) => {
    const first = { attempt: 1, uncertain: false, retries: 3 };
    const whole: Failure = { verb: "create", kind: "other", outcome: "refused", ...first, ...failure };
    expect(decide(whole)).toBe(decision);
  });

  it("doubles the pause up to thirty seconds, half of it jitter", () => {
    expect([2, 3, 4, 20].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1000, 15_000]);
    expect([2, 3, 4, 20].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1000, 2000, 30_000]);
  });

  it("takes what OrbStack reports after giving up for its last word, and a lost answer not", () => {
    const verdicts = ["no address", "crashed", "shutdown", "no space", "download failed"] as const;
    const kinds = [...verdicts, "timed out", "transport", "other"] as const;
    expect(kinds.filter((kind) => isVerdict(kind))).toEqual(verdicts);
  });

  it("takes a missing address and a time-out for signs of overload", () => {
    expect(["no address", "timed out", "transport"].map((kind) => isOverload(kind as Failure["kind"]))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
