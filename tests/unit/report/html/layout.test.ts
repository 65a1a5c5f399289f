import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LayoutNode } from "../../../../src/report/html/layout.ts";
import { laidOut } from "../../../../src/report/html/pack.ts";

const SIZES = { nodeWidth: 100, nodeHeight: 20, gapX: 30, gapY: 10 };

/** Graphs whose nodes come after some of those before them. */
const graphs = fc.array(fc.array(fc.nat(60), { maxLength: 3 }), { maxLength: 60 }).map((rows) =>
  rows.map((earlier, index): LayoutNode => ({
    id: `n${index}`,
    after: earlier.filter((each) => each < index).map((each) => `n${each}`),
  })),
);

const at = (nodes: readonly LayoutNode[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(laidOut(nodes, SIZES).at);

test("puts a chain in a line from left to right", () => {
  const chain = [
    { id: "a", after: [] },
    { id: "b", after: ["a"] },
    { id: "c", after: ["b"] },
  ];
  expect(at(chain)).toEqual({ a: { x: 0, y: 0 }, b: { x: 130, y: 0 }, c: { x: 260, y: 0 } });
});

test("puts what has nothing to do with each other beside and below each other", () => {
  const alone = Array.from({ length: 6 }, (_none, index) => ({ id: `n${index}`, after: [] }));
  const { width, height } = laidOut(alone, SIZES);
  expect([width, height]).toEqual([230, 100]);
});

test("uncrosses what can be uncrossed", () => {
  const crossed = [
    { id: "a", after: [] },
    { id: "b", after: [] },
    { id: "root", after: ["a", "b"] },
    { id: "d", after: ["b"] },
    { id: "c", after: ["a"] },
  ];
  const placed = laidOut(crossed, SIZES).at;
  const y = (id: string): number => placed.get(id)?.y ?? 0;
  expect(Math.sign(y("a") - y("b"))).toBe(Math.sign(y("c") - y("d")));
});

test("ignores what is only named, and a node that names itself", () => {
  expect(at([{ id: "a", after: ["a", "gone"] }])).toEqual({ a: { x: 0, y: 0 } });
});

test("has no place for nothing", () => {
  expect(laidOut([], SIZES)).toEqual({ width: 0, height: 0, at: new Map() });
});

test("goes on below where a chain is long, each row from left to right", () => {
  const chain = Array.from({ length: 60 }, (_none, index) => ({ id: `n${index}`, after: [`n${index - 1}`] }));
  const { width, height, at: placed, isFolded } = laidOut(chain, SIZES);
  expect([width, height, isFolded]).toEqual([1530, 180, true]);
  expect([placed.get("n11"), placed.get("n12"), placed.get("n59")]).toEqual([
    { x: 1430, y: 0 },
    { x: 0, y: 40 },
    { x: 1430, y: 160 },
  ]);
  expect(laidOut(chain.slice(0, 12), SIZES).isFolded).toBeUndefined();
});

test("places every node once, inside of the drawing, over no other and to the right of what it comes after, or below", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { at: placed, width, height, isFolded = false } = laidOut(nodes, SIZES);
      expect([...placed.keys()].toSorted()).toEqual(nodes.map(({ id }) => id).toSorted());
      const points = [...placed.values()];
      for (const [index, { x, y }] of points.entries()) {
        expect(x >= 0 && y >= 0 && x + SIZES.nodeWidth <= width && y + SIZES.nodeHeight <= height).toBe(true);
        const over = points
          .slice(index + 1)
          .filter((each) => Math.abs(each.x - x) < SIZES.nodeWidth && Math.abs(each.y - y) < SIZES.nodeHeight);
        expect(over).toEqual([]);
      }
      for (const { id, after } of nodes)
        for (const each of after) {
          const [from, to] = [placed.get(each) ?? { x: 0, y: 0 }, placed.get(id) ?? { x: 0, y: 0 }];
          const isRight = to.x >= from.x + SIZES.nodeWidth + SIZES.gapX;
          expect(isRight || (isFolded && to.y >= from.y + SIZES.nodeHeight + SIZES.gapY)).toBe(true);
        }
    }),
    { numRuns: 300 },
  );
});

test("makes the same drawing of the same graph", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      expect(at(nodes)).toEqual(at(structuredClone(nodes)));
    }),
    { numRuns: 100 },
  );
});

test.each([
  ["chains", (index: number) => (index % 3 === 0 ? [] : [`n${index - 1}`])],
  ["a star", (index: number) => (index === 0 ? [] : ["n0"])],
  ["one long chain", (index: number) => (index === 0 ? [] : [`n${index - 1}`])],
  ["a thicket", (index: number) => [1, 7, 60].map((by) => `n${index - by}`)],
])("places 3,000 nodes in well under a second: %s", (_name, after) => {
  const nodes = Array.from({ length: 3000 }, (_none, index) => ({ id: `n${index}`, after: after(index) }));
  const began = process.cpuUsage();
  const { at: placed, width, height } = laidOut(nodes, SIZES);
  expect(process.cpuUsage(began).user).toBeLessThan(800_000);
  expect(placed.size).toBe(3000);
  expect(width * height).toBeGreaterThan(0);
});
