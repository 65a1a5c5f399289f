/** A node of the drawing: what it comes after stands to its left. Nodes that are only named as such are ignored. */
export interface LayoutNode {
  readonly id: string;
  readonly after: readonly string[];
}

/** The distances of a drawing, in its units. */
export interface LayoutSizes {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Between columns, where edges run. */
  readonly gapX: number;
  readonly gapY: number;
  /** How many nodes stand below each other at most, before a column is broken into several. */
  readonly rows: number;
}

/** Where the upper left corner of a node is. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A drawing whose upper left corner is 0, 0. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly at: ReadonlyMap<string, Point>;
  /** A part is in several rows: its columns go on below. */
  readonly isFolded?: true;
}

/** How often nodes are put in the order of their neighbours, there and back. */
const SWEEPS = 4;

/**
 * Places one connected graph in layers from left to right (Sugiyama): layers by longest path, order in them by the mean
 * place of neighbours, heights near those. Nodes must come in an order in which each is after those before it.
 */
export function layered(nodes: readonly LayoutNode[], sizes: LayoutSizes): Layout {
  const graph = linked(nodes);
  const layers = layersOf(nodes, graph);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    sweepOver(sweep % 2 === 0 ? layers : layers.toReversed(), sweep % 2 === 0 ? graph.before : graph.later);
  }
  return placed(columnsOf(layers, sizes.rows), graph, sizes);
}

interface Linked {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly later: ReadonlyMap<string, readonly string[]>;
}

function linked(nodes: readonly LayoutNode[]): Linked {
  const known = new Set(nodes.map((each) => each.id));
  const before = new Map<string, readonly string[]>();
  const later = new Map<string, string[]>(nodes.map((each) => [each.id, []]));
  for (const { id, after } of nodes) {
    const earlier = after.filter((each) => known.has(each) && each !== id);
    before.set(id, earlier);
    for (const each of earlier) later.get(each)?.push(id);
  }
  return { before, later };
}

function layersOf(nodes: readonly LayoutNode[], { before }: Linked): string[][] {
  const layerOf = new Map<string, number>();
  const layers: string[][] = [];
  for (const { id } of nodes) {
    let layer = 0;
    for (const each of before.get(id) ?? []) layer = Math.max(layer, (layerOf.get(each) ?? 0) + 1);
    layerOf.set(id, layer);
    const ids = (layers[layer] ??= []);
    ids.push(id);
  }
  return Array.from(layers, (ids) => ids ?? []);
}

function sweepOver(layers: readonly string[][], neighbours: ReadonlyMap<string, readonly string[]>): void {
  const placeOf = new Map<string, number>();
  for (const layer of layers) {
    const wish = new Map<string, number>();
    for (const [index, id] of layer.entries()) {
      const places = (neighbours.get(id) ?? []).flatMap((each) => placeOf.get(each) ?? []);
      wish.set(id, mean(places) ?? index / Math.max(1, layer.length - 1));
    }
    layer.sort((left, right) => (wish.get(left) ?? 0) - (wish.get(right) ?? 0));
    for (const [index, id] of layer.entries()) placeOf.set(id, index / Math.max(1, layer.length - 1));
  }
}

function mean(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined;
  let sum = 0;
  for (const each of numbers) sum += each;
  return sum / numbers.length;
}

/** Layers that are too high are broken into columns beside each other. */
function columnsOf(layers: readonly (readonly string[])[], rows: number): readonly (readonly string[])[] {
  return layers.flatMap((layer) => {
    const count = Math.ceil(layer.length / rows);
    const height = Math.ceil(layer.length / Math.max(1, count));
    return Array.from({ length: count }, (_, index) => layer.slice(index * height, (index + 1) * height));
  });
}

function placed(columns: readonly (readonly string[])[], { before }: Linked, sizes: LayoutSizes): Layout {
  const [stepX, stepY] = [sizes.nodeWidth + sizes.gapX, sizes.nodeHeight + sizes.gapY];
  const at = new Map<string, Point>();
  for (const [column, ids] of columns.entries()) {
    const wishes = ids.map((id) => mean((before.get(id) ?? []).flatMap((each) => at.get(each)?.y ?? [])));
    const heights = near(wishes, stepY);
    for (const [index, id] of ids.entries()) at.set(id, { x: column * stepX, y: heights[index] ?? 0 });
  }
  const ys = [...at.values()].map((each) => each.y);
  const [top, bottom] = [smallest(ys), -smallest(ys.map((y) => -y))];
  for (const [id, { x, y }] of at) at.set(id, { x, y: y - top });
  return {
    width: Math.max(0, columns.length * stepX - sizes.gapX),
    height: bottom - top + sizes.nodeHeight,
    at,
  };
}

/** Heights in this order, at least a step apart, near what each wishes for. */
function near(wishes: readonly (number | undefined)[], step: number): readonly number[] {
  const heights: number[] = [];
  for (const wish of wishes) {
    const least = heights.length === 0 ? Number.NEGATIVE_INFINITY : (heights.at(-1) ?? 0) + step;
    heights.push(Math.max(least, wish ?? (heights.length === 0 ? 0 : least)));
  }
  const off = mean(heights.flatMap((height, index) => (wishes[index] === undefined ? [] : height - wishes[index])));
  return heights.map((height) => Math.round(height - (off ?? 0)));
}

function smallest(numbers: readonly number[]): number {
  let least = numbers[0] ?? 0;
  for (const each of numbers) least = Math.min(least, each);
  return least;
}
