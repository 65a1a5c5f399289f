import { describe, expect, it } from "vitest";
import { statePaths } from "../../../src/state/paths.ts";
import { migrate, type Migration } from "../../../src/state/migrate.ts";

describe("the paths of a state", () => {
  it("lie in the state folder, named by stack and env", () => {
    expect(statePaths("/p/state", "web", "prod")).toEqual({
      snapshot: "/p/state/web.prod.json",
      journal: "/p/state/web.prod.journal",
      lock: "/p/state/web.prod.lock.",
      history: "/p/state/web.prod.history",
      timings: "/p/state/web.prod.timings.json",
      unfinished: "/p/state/web.prod.unfinished",
      scratch: "/p/state/web.prod.scratch",
    });
  });

  it.each(["..", "../x", "a/b", "", ".", "a.b", "é"])("never leave the folder for a stack called %j", (stack) => {
    expect(statePaths("/p/state", stack).snapshot).toMatch(/^\/p\/state\/[A-Za-z0-9%_-]+\.json$/);
  });

  it("are no two stacks' same", () => {
    expect(statePaths("/s", "web", "prod").snapshot).not.toBe(statePaths("/s", "web.prod").snapshot);
    expect(statePaths("/s", "web", "timings").snapshot).not.toBe(statePaths("/s", "web").timings);
  });
});

describe("migrating a snapshot", () => {
  it("leads it through every format on the way", () => {
    const steps = new Map<number, Migration>([
      [1, () => ({ a: 1 })],
      [2, (older) => ({ ...older, b: 2 })],
    ]);
    expect(migrate({ format: 1 }, 1, { steps, to: 3 })).toEqual({ a: 1, b: 2, format: 3 });
  });

  it("leaves one of the present format as it is", () => {
    const present = { format: 1 };
    expect(migrate(present, 1)).toBe(present);
  });
});
