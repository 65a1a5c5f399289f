import { layered, type Layout, type LayoutNode, type LayoutSizes, type Point } from "./layout.ts";

/** How much wider than high a drawing is to be. */
const RATIO = 1.8;

/** So many columns can be read beside each other: they stay in one row, whatever their height. */
const ROW = 12;

/**
 * Places a graph: each connected part by itself, in layers from left to right, and the parts in rows below each other.
 * Nodes must come in an order in which each is after those before it. The same nodes give the same drawing.
 */
export function laidOut(nodes: readonly LayoutNode[], sizes: Omit<LayoutSizes, "rows">): Layout {
  const cell = (sizes.nodeWidth + sizes.gapX) / (sizes.nodeHeight + sizes.gapY);
  const parts = connected(nodes).map((part) => {
    const rows = Math.max(8, Math.ceil(Math.sqrt((part.length * cell) / RATIO)));
    return folded(layered(part, { ...sizes, rows }), sizes);
  });
  return inRows(parts, sizes.gapY * 2, sizes.gapX);
}

/** The connected parts of a graph, each with its nodes in the order they came. */
function connected(nodes: readonly LayoutNode[]): readonly (readonly LayoutNode[])[] {
  const leader = new Map(nodes.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    let root = id;
    for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
    for (let each = id; each !== root;) {
      const next = leader.get(each) ?? root;
      leader.set(each, root);
      each = next;
    }
    return root;
  };
  for (const { id, after } of nodes) {
    for (const each of after) if (leader.has(each)) leader.set(find(each), find(id));
  }
  const parts = new Map<string, LayoutNode[]>();
  for (const node of nodes) {
    const root = find(node.id);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [node]);
    else part.push(node);
  }
  return [...parts.values()];
}

/** Columns that stand in a row far longer than high go on below, from the left. */
function folded(drawing: Layout, { nodeWidth, nodeHeight, gapX, gapY }: Omit<LayoutSizes, "rows">): Layout {
  const step = nodeWidth + gapX;
  const all = Math.round((drawing.width + gapX) / step);
  const rows = Math.min(Math.round(Math.sqrt(drawing.width / (drawing.height * RATIO))), Math.ceil(all / ROW));
  if (rows < 2) return drawing;
  const columns = Math.ceil(all / rows);
  const rowOf = ({ x }: Point): number => Math.floor(Math.round(x / step) / columns);
  const points = [...drawing.at];
  const at = new Map<string, Point>();
  let top = 0;
  for (let row = 0; row < rows; row += 1) {
    const own = points.filter(([, point]) => rowOf(point) === row);
    if (own.length === 0) continue;
    const ys = own.map(([, { y }]) => y).toSorted((a, b) => a - b);
    const [first = 0, last = 0] = [ys[0], ys.at(-1)];
    for (const [id, { x, y }] of own) at.set(id, { x: x - row * columns * step, y: top + y - first });
    top += last - first + nodeHeight + 2 * gapY;
  }
  return { width: columns * step - gapX, height: top - 2 * gapY, at, isFolded: true };
}

/** Drawings beside each other, high ones first, in rows of about the same width. */
function inRows(parts: readonly Layout[], gapY: number, gapX: number): Layout {
  const area = parts.reduce((sum, each) => sum + (each.width + gapX) * (each.height + gapY), 0);
  const widest = parts.reduce((most, each) => Math.max(most, each.width), 0);
  const limit = Math.max(widest, Math.sqrt(area * RATIO));
  const at = new Map<string, Point>();
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const part of parts.toSorted((left, right) => right.height - left.height || right.width - left.width)) {
    if (x > 0 && x + part.width > limit) [x, y, rowHeight] = [0, y + rowHeight + gapY, 0];
    for (const [id, point] of part.at) at.set(id, { x: point.x + x, y: point.y + y });
    width = Math.max(width, x + part.width);
    if (x === 0) rowHeight = part.height;
    x += part.width + gapX;
  }
  const isFolded = parts.some((each) => each.isFolded);
  return { width, height: y + rowHeight, at, ...(isFolded && { isFolded }) };
}
