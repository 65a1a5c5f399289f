import { describe, expect, it } from "vitest";
import { createThrottle } from "../../../src/execute/create-throttle.ts";
import { limitsWith } from "../../../src/execute/limits.ts";

const MINUTE = 60_000;

describe("the throttle of creates", () => {
  it("halves the limit on repeated overload, never under one, and gives it back after five quiet minutes", () => {
    const set: number[] = [];
    const throttle = createThrottle(limitsWith({ byKind: { create: 4 } }), (_, limit) => set.push(limit));
    throttle.overloaded(0);
    expect(set).toEqual([]);
    for (const minute of [1, 2, 3]) throttle.overloaded(minute * MINUTE);
    expect(set).toEqual([2, 1, 1]);
    throttle.ended(8 * MINUTE);
    expect(set.length).toBe(3);
    throttle.ended(8 * MINUTE + 1);
    expect(set.at(-1)).toBe(4);
  });

  it("is not moved by failures far apart", () => {
    const set: number[] = [];
    const throttle = createThrottle(limitsWith({}), (_, limit) => set.push(limit));
    throttle.overloaded(0);
    throttle.overloaded(10 * MINUTE);
    expect(set).toEqual([]);
  });
});
