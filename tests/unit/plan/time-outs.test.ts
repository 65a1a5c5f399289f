import { describe, expect, test } from "vitest";
import { address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { begin } from "../../../src/plan/make-action.ts";

const MINUTE = 60_000;

describe("an action inside a machine has the time that its kind of work takes", () => {
  test.each([
    ["write", "packages", 15 * MINUTE],
    ["remove", "packages", 15 * MINUTE],
    ["write", "service", 5 * MINUTE],
    ["run", "command", 60 * MINUTE],
    ["write", "file", MINUTE],
    ["forget", "packages", MINUTE],
  ] as const)("%s of %s: %d ms", (kind, type, timeoutMs) => {
    const owner = { address: address(type, "a", ["team"]), lifecycle: DEFAULT_LIFECYCLE, durations: new Map() };
    expect(begin(kind, owner).timeoutMs).toBe(timeoutMs);
  });

  test("unless the stack says another", () => {
    const lifecycle = { ...DEFAULT_LIFECYCLE, timeoutsMs: { write: 7 } };
    expect(begin("write", { address: address("packages", "a"), lifecycle, durations: new Map() }).timeoutMs).toBe(7);
  });
});
