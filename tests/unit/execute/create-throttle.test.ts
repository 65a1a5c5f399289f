import { describe, expect, it } from "vitest";
import { createThrottle } from "../../../src/execute/create-throttle.ts";
import { limitsWith } from "../../../src/model/limits.ts";

const MINUTE = 60_000;

describe("the throttle of creates", () => {
  it("halves the limit on repeated overload, never under one, and gives it back after five quiet minutes", () => {
    const set: number[] = [];
    const kinds = new Set<string>();
    const throttle = createThrottle(limitsWith({ byKind: { create: 4 } }), (kind, limit) => {
      kinds.add(kind);
      set.push(limit);
    });
    throttle.overloaded(0);
    expect(set).toEqual([]);
    for (const minute of [1, 2, 3]) throttle.overloaded(minute * MINUTE);
    expect(set).toEqual([2, 1, 1]);
    throttle.ended(8 * MINUTE);
    expect(set.length).toBe(3);
    throttle.ended(8 * MINUTE + 1);
    expect(set.at(-1)).toBe(4);
    throttle.ended(20 * MINUTE);
    expect(set.length).toBe(4);
    expect([...kinds]).toEqual(["create"]);
  });

  it("takes signs just five minutes apart for one overload, and those a moment further for two", () => {
    const set: number[] = [];
    const throttle = createThrottle(limitsWith({ byKind: { create: 9 } }), (_, limit) => set.push(limit));
    throttle.overloaded(1 * MINUTE);
    throttle.overloaded(6 * MINUTE);
    throttle.overloaded(11 * MINUTE + 1);
    expect(set).toEqual([4]);
  });

  it("takes the global limit where creates have none of their own", () => {
    const set: number[] = [];
    const throttle = createThrottle({ global: 6, byKind: {} }, (_, limit) => set.push(limit));
    throttle.overloaded(0);
    throttle.overloaded(1);
    expect(set).toEqual([3]);
  });

  it("has nothing to give back where nothing was halved", () => {
    const set: number[] = [];
    const throttle = createThrottle(limitsWith({}), (_, limit) => set.push(limit));
    throttle.ended(0);
    throttle.overloaded(0);
    throttle.ended(10 * MINUTE);
    expect(set).toEqual([]);
  });

  it("is not moved by failures far apart", () => {
    const set: number[] = [];
    const throttle = createThrottle(limitsWith({}), (_, limit) => set.push(limit));
    throttle.overloaded(0);
    throttle.overloaded(10 * MINUTE);
    expect(set).toEqual([]);
  });
});
