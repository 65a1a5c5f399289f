import { withoutText, type InsideFacts } from "../model/inside.ts";
import { isAnotherUser } from "../model/inside-kept.ts";
import type { AttributeChange, Drift } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import { attribute } from "../diff/attributes.ts";
import { insideDifferences } from "../diff/inside.ts";
import type { Asked } from "./asked-inside.ts";
import { isLeftAlone } from "./inside-differences.ts";
import { insideName, withoutContent, withoutFormer } from "./inside-attributes.ts";

/** What somebody changed inside a machine since it was looked at last. */
export function driftOf({ desired, site, here, wish }: Asked): { readonly drift?: Drift } {
  if (here === undefined || site.kind !== "seen" || sameFacts(site.facts, here.seen)) return {};
  const before = insideDifferences({ wish: here.inputs, facts: here.seen, prior: here });
  const now = insideDifferences({ wish: here.inputs, facts: site.facts, prior: here });
  const differing = now
    .filter((each) => !isLeftAlone(here.inputs, each, desired))
    .filter((each) => !before.some(({ path }) => path === each.path))
    .map(({ path, before: found, after }) => attribute(path, { before: after, after: found ?? null }));
  const isAnother = isAnotherUser(here, site.facts);
  const attributes = isAnother ? [numberChange(here.seen, site.facts), ...differing] : differing;
  if (attributes.length === 0) return {};
  const isFolded =
    !isAnother && wish !== undefined && insideDifferences({ wish, facts: site.facts, prior: here }).length === 0;
  const shown = desired.sensitive ? attributes.map(withoutContent) : attributes.map(withoutFormer);
  const found = isGone(site.facts)
    ? ({ kind: "deleted", attributes: [] } as const)
    : { kind: "changed" as const, attributes: shown };
  return { drift: { address: desired.address, name: insideName(desired), ...found, folded: isFolded } };
}

/** A user was made anew: nothing that is asked differs by that, but it is not ours any more. */
function numberChange(before: InsideFacts, after: InsideFacts): AttributeChange {
  return attribute("uid", { before: numberIn(before), after: numberIn(after) });
}

function numberIn(facts: InsideFacts): number | undefined {
  return facts.type === "user" ? facts.uid : undefined;
}

/** Somebody has taken it away. */
export function isGone(facts: InsideFacts): boolean {
  return ("kind" in facts && facts.kind === "absent") || (facts.type === "user" && !facts.exists);
}

/** Text is shown, not kept. */
function sameFacts(left: InsideFacts, right: InsideFacts): boolean {
  return sameJson(withoutText(left), withoutText(right));
}
