import { expect, test } from "vitest";
import { actionId } from "../../../src/model/action.ts";
import { address } from "../../../src/model/address.ts";
import { cyclicComponents } from "../../../src/graph/components.ts";
import { remainingMs } from "../../../src/graph/critical-path.ts";
import { byCodeUnit, closure, reverse, shortestCycle, sortTopologically } from "../../../src/graph/dag.ts";

const id = (key: string) => actionId(address("machine", key), "create");

const action = (key: string, expectedMs: number, ...after: string[]) => ({
  id: id(key),
  expectedMs,
  after: after.map(id),
});

const graph = (edges: { readonly [node: string]: readonly string[] }) => new Map(Object.entries(edges));

test("sorts each node after those before it, the rest by name", () => {
  expect(sortTopologically(graph({ c: ["a"], b: [], a: [] }))).toEqual({ order: ["a", "b", "c"], stuck: [] });
});

test("tells what a cycle holds up", () => {
  expect(sortTopologically(graph({ a: ["b"], b: ["a"], c: ["b"], d: [] }))).toEqual({
    order: ["d"],
    stuck: ["a", "b", "c"],
  });
});

test("ignores nodes that are not in the graph and edges named twice", () => {
  expect(sortTopologically(graph({ a: ["x", "b", "b"], b: [] })).order).toEqual(["b", "a"]);
});

test("finds the shortest cycle", () => {
  const two = graph({ a: ["b"], b: ["c"], c: ["a"], d: ["e"], e: ["d"] });
  expect(shortestCycle(two)).toEqual(["d", "e"]);
  expect([shortestCycle(graph({ a: ["a"] })), shortestCycle(graph({ a: [] }))]).toEqual([["a"], undefined]);
});

test("finds what is on cycles, and only that", () => {
  const found = cyclicComponents(graph({ a: ["b"], b: ["a"], c: ["a"], d: ["d"], e: [] }));
  expect(found.map((each) => each.toSorted().join("")).toSorted()).toEqual(["ab", "d"]);
});

test("reverses and closes", () => {
  const edges = graph({ a: ["b"], b: ["c"], c: [] });
  expect([reverse(edges).get("c"), [...closure(["a"], edges)]]).toEqual([["b"], ["a", "b", "c"]]);
});

test("a chain of 20,000 is sorted and searched without recursion", () => {
  const long = new Map(
    Array.from({ length: 20_000 }, (_, index) => [`n${index}`, index === 0 ? [] : [`n${index - 1}`]]),
  );
  expect([sortTopologically(long).order.length, cyclicComponents(long)]).toEqual([20_000, []]);
});

test("the remaining time of an action is its own and that of the longest path behind it", () => {
  const remaining = remainingMs([action("a", 1), action("b", 10, "a"), action("c", 2, "a"), action("d", 5, "b", "c")]);
  expect(["a", "b", "c", "d"].map((key) => remaining.get(id(key)))).toEqual([16, 15, 7, 5]);
});

test("the time that remains is that of the longest of several ways, whichever is looked at last", () => {
  const remaining = remainingMs([action("a", 1), action("b", 2, "a"), action("c", 10, "a")]);
  expect(["a", "b", "c"].map((key) => remaining.get(id(key)))).toEqual([11, 2, 10]);
});

test("of cycles of one length the first is told, and never a longer one", () => {
  const three = { a: ["b"], b: ["c"], c: ["a"] };
  expect(shortestCycle(graph({ ...three, p: ["q"], q: ["r"], r: ["p"] }))).toEqual(["a", "b", "c"]);
  expect(shortestCycle(graph({ ...three, p: ["q"], q: ["r"], r: ["s"], s: ["p"] }))).toEqual(["a", "b", "c"]);
});

test("what only waits for a cycle is no part of it", () => {
  expect(shortestCycle(graph({ a: ["b"], b: ["c"], c: ["a"], z: ["a"] }))).toEqual(["a", "b", "c"]);
});

test("texts are ordered by code unit", () => {
  expect([byCodeUnit("a", "a"), byCodeUnit("B", "a"), byCodeUnit("b", "B")]).toEqual([0, -1, 1]);
});
