import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { insideWish } from "../model/inside-wish.ts";
import type { Json } from "../model/json.ts";
import type { DesiredInside } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { resolveValue, type Value } from "../model/value.ts";
import { isIgnored } from "../diff/attributes.ts";
import { insideDifferences, type InsideDifference } from "../diff/inside.ts";
import type { Asked } from "./asked-inside.ts";
import type { Desk } from "./desk.ts";
import { isReplaceAsked, leftovers } from "./removed-inside.ts";

/** Packages that were asked for and are no longer, and that nobody had before, go. */
export function withFormer(wish: InsideWish | undefined, former: readonly string[]): InsideWish | undefined {
  if (wish?.type !== "packages" || former.length === 0) return wish;
  return { ...wish, remove: [...wish.remove, ...former].toSorted() };
}

/** How it differs from what is asked, but for what is ignored. */
export function differencesOf(
  desk: Desk,
  { site, here, wish }: Asked,
  desired: DesiredInside,
): readonly InsideDifference[] {
  const asked = wish ?? asApplied(desk, desired, here);
  if (asked === undefined) return [{ path: "content" }];
  const facts = "facts" in site ? site.facts : undefined;
  const all = insideDifferences({
    wish: asked,
    facts: facts ?? unseen(asked, here),
    prior: isReplaceAsked(desk, desired) ? undefined : here,
  });
  // What is made anew, or put back and set anew, has all its properties, ignored ones as well.
  const isMadeAnew = here !== undefined && leftovers(desk, desired, here) !== undefined;
  return [...all, ...unlooked(here, asked, facts)].filter((each) => isMadeAnew || !isLeftAlone(asked, each, desired));
}

/** Whether `ignoreChanges` names what a difference is of: a package that is not to be there is one of `remove`. */
export function isLeftAlone(
  wish: InsideWish,
  { path }: InsideDifference,
  { lifecycle: { ignoreChanges } }: DesiredInside,
): boolean {
  const isRemoved = wish.type === "packages" && wish.remove.some((name) => path === `install.${name}`);
  return isIgnored(isRemoved ? "remove" : path, ignoreChanges);
}

/** Packages of ours that are to go, and that nobody has looked at: they may be there. */
function unlooked(
  here: InsideResource | undefined,
  asked: InsideWish,
  facts: InsideFacts | undefined,
): readonly InsideDifference[] {
  if (asked.type !== "packages" || facts?.type !== "packages" || here?.inputs.type !== "packages") return [];
  const { install } = here.inputs;
  return asked.remove
    .filter((name) => name in install && !(name in facts.installed))
    .map((name) => ({ path: `install.${name}`, before: install[name] }));
}

/** Facts of nothing: everything that is asked differs from them. But that a command was run state knows without looking. */
function unseen(asked: InsideWish, here: InsideResource | undefined): InsideFacts {
  return asked.type === "command" && here !== undefined ? { type: "command" } : { type: "unavailable", why: "" };
}

/**
 * What is asked where not all of it is known: a value that nobody knows and that nothing changes is as it was applied, as
 * long as it needs the same resources as then. `undefined`: nobody can tell.
 */
function asApplied(
  { values, scene }: Desk,
  { type, properties, dependencies }: DesiredInside,
  here: InsideResource | undefined,
): InsideWish | undefined {
  if (here === undefined || !sameJson(dependencies, here.dependencies)) return undefined;
  if (Object.values(properties).some((value) => values.isChanging(value))) return undefined;
  const applied: { readonly [key: string]: Json } = { ...here.inputs };
  const known = Object.entries(properties).flatMap(([key, value]): (readonly [string, Value])[] => {
    if (resolveValue(value, values.lookup) !== undefined) return [[key, value]];
    const before = key === "content" ? "digest" : key;
    const then = applied[before];
    return then === undefined ? [] : [[before, then]];
  });
  return insideWish({ type, properties: Object.fromEntries(known) }, values.lookup, scene.input.hashText);
}
