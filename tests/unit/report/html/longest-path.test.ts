import * as fc from "fast-check";
import { expect, test } from "vitest";
import { remainingMs, type Timed } from "../../../../src/graph/critical-path.ts";
import type { ActionId } from "../../../../src/model/action.ts";
import { inOrder, longestPath } from "../../../../src/report/html/longest-path.ts";
import { actionId } from "../../../support/report-builders.ts";

/** Graphs whose actions wait for some of those before them, in any order. */
const graphs = fc
  .array(fc.tuple(fc.nat(50), fc.array(fc.nat(30), { maxLength: 4 }), fc.boolean()), { maxLength: 30 })
  .chain((rows) => {
    const actions = rows.map(([expectedMs, earlier, soft], index): Timed => {
      const after = earlier.filter((each) => each < index).map((each) => actionId(`a${each}`));
      return { id: actionId(`a${index}`), expectedMs, after: soft ? [] : after, afterEnd: soft ? after : [] };
    });
    return fc.shuffledSubarray(actions, { minLength: actions.length });
  });

const action = (id: string, expectedMs: number, ...after: readonly string[]): Timed => ({
  id: actionId(id),
  expectedMs,
  after: after.map(actionId),
});

test("goes through what takes longest, from first to last", () => {
  const timing = longestPath([action("a", 5), action("b", 1, "a"), action("c", 9, "a"), action("d", 1, "b", "c")]);
  expect(timing).toEqual({ pathMs: 15, workMs: 16, path: ["a", "c", "d"] });
});

test("knows a plan without actions", () => {
  expect(longestPath([])).toEqual({ pathMs: 0, workMs: 0, path: [] });
});

test("takes as long as the scheduler expects", () => {
  fc.assert(
    fc.property(graphs, (actions) => {
      expect(longestPath(actions).pathMs).toBe(Math.max(0, ...remainingMs(actions).values()));
    }),
    { numRuns: 400 },
  );
});

test("is a chain in which each waits for the one before, and as long as it is said to be", () => {
  fc.assert(
    fc.property(graphs, (actions) => {
      const byId = new Map(actions.map((each) => [each.id, each]));
      const { path, pathMs } = longestPath(actions);
      const waits = (id: ActionId): readonly ActionId[] => [
        ...(byId.get(id)?.after ?? []),
        ...(byId.get(id)?.afterEnd ?? []),
      ];
      for (const [index, id] of path.entries()) {
        const before = path[index - 1];
        if (before !== undefined) expect(waits(id)).toContain(before);
      }
      expect(path.reduce((sum, id) => sum + (byId.get(id)?.expectedMs ?? 0), 0)).toBe(pathMs);
    }),
    { numRuns: 400 },
  );
});

test("orders actions so that each comes after those it waits for", () => {
  fc.assert(
    fc.property(graphs, (actions) => {
      const place = new Map(inOrder(actions).map((id, index) => [id, index]));
      expect(place.size).toBe(actions.length);
      for (const { id, after } of actions)
        for (const each of after) expect(place.get(each)).toBeLessThan(place.get(id) ?? -1);
    }),
    { numRuns: 200 },
  );
});
