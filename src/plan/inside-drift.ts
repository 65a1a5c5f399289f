import type { InsideFacts } from "../model/inside.ts";
import { isGone, withoutText } from "../model/inside-looked.ts";
import { isAnotherUser } from "../model/inside-kept.ts";
import type { AttributeChange, Drift } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import { resolveValue } from "../model/value.ts";
import { attribute } from "../diff/attributes.ts";
import { insideDifferences } from "../diff/inside.ts";
import type { Asked } from "./asked-inside.ts";
import type { Desk } from "./desk.ts";
import { isLeftAlone } from "./inside-differences.ts";
import { insideName, LONGEST_TEXT, withoutContent, withoutFormer } from "./inside-attributes.ts";
import { ofSameConditions } from "./inside-site.ts";

/** What somebody changed inside a machine since it was looked at last. */
export function driftOf(desk: Desk, { desired, site, here, wish }: Asked): { readonly drift?: Drift } {
  if (here === undefined || site.kind !== "seen" || sameFacts(site.facts, here.seen)) return {};
  // What our own attempt did nobody else has changed.
  if (here.type === "command" && here.unfinished === true) return {};
  const facts = ofSameConditions(site.facts, here.inputs, desired.properties);
  const before = insideDifferences({ wish: here.inputs, facts: here.seen, prior: here });
  const now = insideDifferences({ wish: here.inputs, facts, prior: here });
  const differing = now
    .filter((each) => !isLeftAlone(here.inputs, each, desired))
    .filter((each) => !before.some(({ path }) => path === each.path))
    .map(({ path, before: found, after }) => attribute(path, { before: after, after: found ?? null }));
  const isAnother = isAnotherUser(here, facts);
  const attributes = isAnother ? [numberChange(here.seen, facts), ...differing] : differing;
  if (attributes.length === 0) return {};
  const isAsAsked = wish !== undefined && insideDifferences({ wish, facts: site.facts, prior: here }).length === 0;
  const shown = desired.sensitive
    ? attributes.map(withoutContent)
    : attributes.map((each) => withoutFormer(asTexts(each, facts, appliedText(desk, { desired, here, wish }))));
  const found = isGone(facts)
    ? ({ kind: "deleted", attributes: [] } as const)
    : { kind: "changed" as const, attributes: shown };
  return { drift: { address: desired.address, name: insideName(desired), ...found, folded: isAsAsked && !isAnother } };
}

/** What was written last, where the stack still says so: state has but its digest. */
function appliedText(
  { values }: Desk,
  { desired, here, wish }: Pick<Asked, "desired" | "here" | "wish">,
): string | undefined {
  const content = desired.properties["content"];
  if (content === undefined || wish?.type !== "file" || here?.inputs.type !== "file") return undefined;
  const text = wish.digest === here.inputs.digest ? resolveValue(content, values.lookup) : undefined;
  return typeof text === "string" && text.length <= LONGEST_TEXT ? text : undefined;
}

/** A change of a content: from text to text, or else from digest to digest. */
function asTexts(change: AttributeChange, facts: InsideFacts, applied: string | undefined): AttributeChange {
  const isText = change.path === "content" && facts.type === "file" && facts.text !== undefined;
  if (!isText) return change;
  const after = facts.digest === undefined ? change.after : `sha256:${facts.digest}`;
  return applied === undefined ? { ...change, ...(after !== undefined && { after }) } : { ...change, before: applied };
}

/** A user was made anew: nothing that is asked differs by that, but it is not ours any more. */
function numberChange(before: InsideFacts, after: InsideFacts): AttributeChange {
  return attribute("uid", { before: numberIn(before), after: numberIn(after) });
}

function numberIn(facts: InsideFacts): number | undefined {
  return facts.type === "user" ? facts.uid : undefined;
}

/** Text is shown, not kept. */
function sameFacts(left: InsideFacts, right: InsideFacts): boolean {
  return sameJson(withoutText(left), withoutText(right));
}
