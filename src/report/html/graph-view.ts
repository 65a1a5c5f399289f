import { waitsFor, type Action, type ActionKind } from "../../model/action.ts";
import type { Ended } from "../count-applied.ts";
import { durationText } from "../duration.ts";
import { oneLine } from "../value-text.ts";
import { END_SIGNS } from "./end-view.ts";
import { aboutText, stepText } from "./change-view.ts";
import type { Layout, Point } from "./layout.ts";
import { inOrder } from "./longest-path.ts";
import { markup, type Markup, type Part } from "./markup.ts";
import { laidOut } from "./pack.ts";
import type { Shown } from "./shown.ts";

const SIZES = { nodeWidth: 190, nodeHeight: 40, gapX: 46, gapY: 14 };
const MARGIN = 16;
/** As wide as a drawing is at least: a small one is not blown up. */
const LEAST = 1080;

/** The actions as a graph from left to right; nothing where there are none. */
export function graphView(shown: Shown): Part {
  const { plan } = shown.review;
  if (plan.actions.length === 0) return undefined;
  const order = new Map(inOrder(plan.actions).map((id, index) => [id, index]));
  const actions = plan.actions.toSorted((left, right) => (order.get(left.id) ?? 0) - (order.get(right.id) ?? 0));
  const layout = laidOut(
    actions.map((each) => ({ id: each.id, after: waitsFor(each) })),
    SIZES,
  );
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN];
  const wide = Math.max(LEAST, width);
  const high = Math.round(Math.max(150, Math.min(620, (height * LEAST) / wide)));
  return markup`
<section id="graph" aria-labelledby="graph-h"><h2 id="graph-h">Graph <span class="count">${actions.length}</span></h2>
<p class="lead">From left to right: an action begins when those it comes from have ended.${layout.isFolded ? " What is too long for one row goes on below." : ""} ${timeView(shown)}</p>${toolsView()}${kindsView(actions)}
<div class="canvas"><svg id="drawing" role="group" aria-label="Graph of actions" aria-describedby="graph-keys" viewBox="${-MARGIN} ${-MARGIN} ${wide} ${height}" height="${high}" data-width="${width}" data-height="${height}" preserveAspectRatio="xMidYMid meet">${MARKERS}<g class="edges">${edgesView(actions, layout, shown)}</g><g class="nodes">${actions.map((each, index) => nodeView(each, index, { layout, shown }))}</g></svg></div>
<p id="graph-keys" class="note" data-js hidden>In the graph: <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> shows all, arrows move, <kbd>n</kbd> <kbd>p</kbd> go from action to action, <kbd>Enter</kbd> opens its change. The wheel zooms while the graph has the focus, and with <kbd>Ctrl</kbd>.</p></section>`;
}

function timeView({ expectedMs, timing: { pathMs }, review }: Shown): Markup {
  const path = markup`<span class="tag path">critical path</span>`;
  if (review.applied !== undefined)
    return markup`The ${path} was expected to take <b>about ${durationText(pathMs)}</b>.`;
  if (expectedMs === pathMs)
    return markup`Expected to take <b>about ${durationText(pathMs)}</b>; the ${path} says why.`;
  return markup`The ${path} takes <b>about ${durationText(pathMs)}</b>, all of it <b>${durationText(expectedMs)}</b>: with the default limits not more is done at a time.`;
}

function toolsView(): Markup {
  const buttons = TOOLS.map(
    ([id, text, label]) =>
      markup`<button type="button" class="small" id="${id}" aria-label="${label}">${text}</button>`,
  );
  return markup`<div class="tools" role="group" aria-label="Graph" data-js hidden>${buttons}<p id="picked" role="status"></p></div>`;
}

const TOOLS: readonly (readonly [id: string, text: string, label: string])[] = [
  ["zoom-in", "+", "Zoom in"],
  ["zoom-out", "−", "Zoom out"],
  ["zoom-all", "All", "Show the whole graph: all"],
  ["zoom-path", "Critical path", "Show the critical path"],
];

/** The kinds of actions there are, to filter by, each with its family's sign: the graph's legend. */
function kindsView(actions: readonly Action[]): Markup {
  const counts = new Map<ActionKind, number>();
  for (const { kind } of actions) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const buttons = KINDS.flatMap((kind) => {
    const [count, family] = [counts.get(kind), FAMILIES[kind]];
    if (count === undefined) return [];
    return markup`<button type="button" class="filter does ${family}" aria-pressed="false" data-does="${kind}"><span class="sign" aria-hidden="true">${SIGNS[family]}</span> ${kind} <span class="count">${count}</span></button>`;
  });
  return markup`<div class="kinds does-kinds" role="group" aria-label="Filter the graph by action" data-js hidden>${buttons}</div>`;
}

const MARKERS = markup`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.8 7.5 4 0 7.2z"/></marker><marker id="arrow-path" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0.8 7.5 4 0 7.2z"/></marker></defs>`;

function edgesView(actions: readonly Action[], layout: Layout, { timing }: Shown): Part {
  const index = new Map<string, number>(actions.map((each, place) => [each.id, place]));
  const steps = new Set(timing.path.slice(1).map((id, place) => `${timing.path[place] ?? ""} ${id}`));
  return actions.flatMap((action) => {
    const soft = new Set<string>(action.afterEnd);
    return [...new Set(waitsFor(action))].flatMap((before) => {
      const [from, to] = [layout.at.get(before), layout.at.get(action.id)];
      if (from === undefined || to === undefined) return [];
      const critical = steps.has(`${before} ${action.id}`);
      return markup`<path class="edge${critical ? " path" : ""}${soft.has(before) ? " soft" : ""}" data-e="${index.get(before) ?? 0} ${index.get(action.id) ?? 0}" marker-end="url(#arrow${critical ? "-path" : ""})" d="${curve(from, to)}"/>`;
    });
  });
}

/** How far an edge that passes other columns swings out, so that it is seen beside the nodes there. */
const SWING = 38;

function curve(from: Point, to: Point): string {
  const [x, y] = [from.x + SIZES.nodeWidth, from.y + SIZES.nodeHeight / 2];
  const [endX, endY] = [to.x - 2, to.y + SIZES.nodeHeight / 2];
  const bend = Math.max(18, (endX - x) / 2);
  const swing = endX - x > SIZES.gapX + SIZES.nodeWidth ? SWING : 0;
  return `M${x} ${y}C${x + bend} ${y + swing} ${endX - bend} ${endY + swing} ${endX} ${endY}`;
}

/** What an action is about, which colour and shape tell. */
type Family = "make" | "alter" | "unmake" | "note";

const FAMILIES: { readonly [kind in ActionKind]: Family } = {
  create: "make",
  clone: "make",
  restore: "make",
  export: "make",
  rename: "alter",
  start: "alter",
  stop: "alter",
  restart: "alter",
  config: "alter",
  "set-default": "alter",
  write: "alter",
  run: "alter",
  remove: "unmake",
  delete: "unmake",
  adopt: "note",
  forget: "note",
};

/** In the order in which they are offered. */
const KINDS: readonly ActionKind[] = [
  "create",
  "clone",
  "restore",
  "export",
  "rename",
  "config",
  "start",
  "stop",
  "restart",
  "set-default",
  "write",
  "run",
  "remove",
  "delete",
  "adopt",
  "forget",
];

const SIGNS: { readonly [family in Family]: string } = { make: "+", alter: "~", unmake: "−", note: "i" };

/** Each family's sign, in a shape of its own. */
const BADGES: { readonly [family in Family]: Markup } = {
  make: markup`<circle class="badge" cx="18" cy="20" r="9"/><text class="sym" x="18" y="24.5">+</text>`,
  alter: markup`<path class="badge" d="M18 9 29 20 18 31 7 20z"/><text class="sym" x="18" y="24.5">~</text>`,
  unmake: markup`<path class="badge" d="M10 12h16v16h-16z"/><text class="sym" x="18" y="24.5">−</text>`,
  note: markup`<path class="badge" d="M18 10 28 28H8z"/><text class="sym" x="18" y="26">i</text>`,
};

interface Around {
  readonly layout: Layout;
  readonly shown: Shown;
}

function nodeView(action: Action, index: number, { layout, shown }: Around): Markup {
  const { x, y } = layout.at.get(action.id) ?? { x: 0, y: 0 };
  const family = FAMILIES[action.kind];
  const status = shown.review.applied?.results.get(action.id)?.status;
  const critical = shown.onPath.has(action.id);
  const change = shown.changeOf.get(action.id);
  return markup`
<g class="node ${family}${critical ? " path" : ""}${status === undefined ? "" : ` ${status}`}" id="node-${index}" data-does="${action.kind}" data-step="${oneLine(action.id)}"${change === undefined ? undefined : markup` data-change="${change}"`} transform="translate(${x} ${y})"><title>${titleOf(action, critical, status)}</title><rect width="${SIZES.nodeWidth}" height="${SIZES.nodeHeight}" rx="7"/>${BADGES[family]}<text class="kind" x="36" y="17">${cut(stepWord(action), 16)}</text><text class="time" x="182" y="17">${action.expectedMs < 1000 ? "<1s" : durationText(action.expectedMs)}</text><text class="what" x="36" y="32">${cut(oneLine(action.address), status === undefined ? 22 : 20)}</text>${statusMark(status)}</g>`;
}

/** One or two words: where a node has no room for {@link stepText}. */
function stepWord(action: Action): string {
  return action.kind === "rename" || action.kind === "delete" ? action.kind : stepText(action);
}

function titleOf(action: Action, critical: boolean, status: string | undefined): string {
  const parts = [
    `${oneLine(action.address)}: ${stepText(action)}`,
    aboutText(action.expectedMs),
    ...(critical ? ["on the critical path"] : []),
    ...(status === undefined ? [] : [status]),
  ];
  return parts.join(" · ");
}

function statusMark(status: Ended["status"] | undefined): Part {
  return status && markup`<text class="end" x="182" y="33">${END_SIGNS[status]}</text>`;
}

/** Cut by columns, of which what is neither Latin, Greek nor Cyrillic takes two; and by code points: half of one is none. */
function cut(text: string, most: number): string {
  let [kept, columns] = ["", 0];
  for (const character of text) {
    columns += (character.codePointAt(0) ?? 0) < 0x590 ? 1 : 2;
    if (columns > most) return `${kept}…`;
    if (columns < most) kept += character;
  }
  return text;
}
