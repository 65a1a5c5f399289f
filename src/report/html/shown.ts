import type { Action, ActionId } from "../../model/action.ts";
import type { Change, Plan } from "../../model/plan.ts";
import type { Ended } from "../count-applied.ts";
import { interruptions } from "../interruptions.ts";
import { headingOf, type Heading } from "../heading.ts";
import type { Review } from "../review.ts";
import type { Linked } from "./problem-view.ts";
import { runeOf, symbolOf } from "../theme.ts";
import { limitedMs, longestPath, type Timing } from "./longest-path.ts";

/** What changes can be filtered by. */
export type Kind = "create" | "update" | "replace" | "delete" | "forget" | "adopt" | "move" | "recover" | Trait;

/** What is so of a change beside its action. */
type Trait = "restart" | "stop" | "failed" | "skipped" | "unknown";

/** All kinds, in the order in which they are offered, as they are called. */
export const KIND_WORDS: { readonly [kind in Kind]: string } = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  forget: "forget",
  adopt: "adopt",
  move: "move",
  recover: "recover",
  restart: "restart",
  stop: "stop",
  failed: "failed",
  skipped: "skipped",
  unknown: "unknown",
};

/** A change with what a page says of it. */
export interface ShownChange {
  readonly change: Change;
  /** The id of its element. */
  readonly id: string;
  readonly actions: readonly Action[];
  readonly heading: Heading;
  /** `+`, `-/+` … */
  readonly symbol: string;
  /** What it is above all: its colour. */
  readonly tone: Kind;
  readonly kinds: readonly Kind[];
  readonly ended?: Ended["status"];
}

/** A review with what is found out of it once. */
export interface Shown {
  readonly review: Review;
  readonly timing: Timing;
  /** How long it takes at the least, with the default limits. Milliseconds. */
  readonly expectedMs: number;
  readonly onPath: ReadonlySet<ActionId>;
  readonly changes: readonly ShownChange[];
  /** The element of the change that an action is of. */
  readonly changeOf: ReadonlyMap<ActionId, string>;
  readonly linked: Linked;
}

/** Finds out what a page needs of a review. */
export function shownOf(review: Review): Shown {
  const { plan } = review;
  const timing = longestPath(plan.actions);
  const changes = changesOf(plan, review);
  const ids = new Map<string, string>(changes.map((each) => [each.change.address, each.id]));
  return {
    review,
    timing,
    expectedMs: Math.max(timing.pathMs, limitedMs(plan.actions)),
    onPath: new Set(timing.path),
    changes,
    linked: (address) => ids.get(address),
    changeOf: new Map(changes.flatMap((each) => each.change.actions.map((id) => [id, each.id] as const))),
  };
}

function changesOf(plan: Plan, { applied }: Review): readonly ShownChange[] {
  const byId = new Map<ActionId, Action>(plan.actions.map((action) => [action.id, action]));
  const { restarts, stops } = interruptions(plan);
  return plan.changes.map((change, index) => {
    const actions = change.actions.flatMap((id) => byId.get(id) ?? []);
    const ended = applied && endOf(change, applied.results);
    const tone = toneOf(change);
    const traits: readonly Kind[] = [
      ...(tone !== "move" && change.previousAddress !== undefined ? (["move"] as const) : []),
      ...(restarts.includes(change) ? (["restart"] as const) : []),
      ...(stops.includes(change) ? (["stop"] as const) : []),
      ...(ended === undefined || ended === "succeeded" ? [] : [ended]),
    ];
    return {
      change,
      id: `change-${index + 1}`,
      actions,
      heading: headingOf(change, actions),
      symbol: tone === "move" ? "→" : symbolOf(runeOf(change)),
      tone,
      kinds: [tone, ...traits],
      ...(ended && { ended }),
    };
  });
}

function toneOf({ action, previousAddress }: Change): Kind {
  if (action !== "no-op") return action;
  return previousAddress === undefined ? "recover" : "move";
}

/** How a change ended: the worst of its actions' ends. */
function endOf(change: Change, results: ReadonlyMap<ActionId, Ended>): Ended["status"] {
  const ends = new Set(change.actions.map((id) => results.get(id)?.status));
  return (["failed", "unknown", "skipped"] as const).find((each) => ends.has(each)) ?? "succeeded";
}
