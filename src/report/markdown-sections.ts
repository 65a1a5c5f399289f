import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { printable } from "../model/printable.ts";
import type { Change, Drift } from "../model/plan.ts";
import { tally } from "./count-applied.ts";
import { driftHeading, headingOf } from "./heading.ts";
import { changeLines, driftLines, outputLines } from "./markdown-diff.ts";
import { bounded, cutLines, type Section } from "./markdown-fit.ts";
import { codeElement, codeSpan, counted, fenced, folded, plain, wrapped } from "./markdown-text.ts";
import { unfoldedDrift } from "./plan-summary.ts";
import type { AppliedReview, Review } from "./review.ts";
import { runeOf, symbolOf } from "./theme.ts";

/** Bytes that a section has in any case, before changes take the rest. */
const SHARE = 4000;

/** What is folded, in the order it is shown. */
export function sectionsOf(review: Review): readonly Section[] {
  const { plan, applied } = review;
  const errors = plan.diagnostics.filter((each) => each.severity === "error");
  const warnings = plan.diagnostics.filter((each) => each.severity === "warning");
  const problems = applied === undefined ? [] : tally(applied.results).problems;
  return [
    { one: "problem", many: "problems", blocks: problems.map(diagnosticBlock), share: 2 * SHARE },
    { one: "error", many: "errors", blocks: errors.map(diagnosticBlock), share: 2 * SHARE },
    { one: "list of actions", many: "lists of actions", blocks: endedBlocks(review), share: 4 * SHARE },
    { one: "change", many: "changes", blocks: changeBlocks(review), share: SHARE },
    { one: "drift", many: "drifts", blocks: unfoldedDrift(plan).map(driftBlock), share: SHARE },
    { one: "list of outputs", many: "lists of outputs", blocks: outputsBlock(review), share: 2 * SHARE },
    { one: "warning", many: "warnings", blocks: warnings.map(diagnosticBlock), share: SHARE },
    { one: "list of policies", many: "lists of policies", blocks: policiesBlock(review), share: SHARE },
    { one: "list of notices", many: "lists of notices", blocks: noticesBlock(review), share: SHARE },
  ];
}

/** A diagnostic, with what to do about it. */
export function diagnosticBlock({ severity, code, summary, detail, hint, address, place }: Diagnostic): string {
  const isError = severity === "error";
  const where = [
    ...(place === undefined ? [] : [`on ${place.file} line ${place.line}`]),
    ...(address === undefined ? [] : [`in ${address}`]),
  ].join(", ");
  const parts = [where, detail, hint ?? ""].filter((part) => part.trim() !== "");
  const lines = parts.flatMap((part, index) => [...(index === 0 ? [] : [""]), ...textLines(part)]);
  return folded(
    `${isError ? "Error" : "Warning"}: ${codeElement(summary)} (${code})`,
    fenced("text", cutLines(lines)),
    isError,
  );
}

/** Sentences as lines for a fence. */
function textLines(text: string): readonly string[] {
  return wrapped(printable(text.slice(0, 20_000))).map((line) => plain(line));
}

/** What is done to a resource, the gravest first: those are the last to be cut. */
function changeBlocks({ plan, applied }: Review): readonly string[] {
  const byId = new Map<string, Action>(plan.actions.map((action) => [action.id, action]));
  const ranked = plan.changes.toSorted((a, b) => RANK[a.action] - RANK[b.action]);
  return ranked.map((change) => changeBlock(change, { byId, applied }));
}

const RANK = { delete: 0, replace: 1, forget: 2, adopt: 3, update: 3, create: 4, "no-op": 5 } as const;

interface Around {
  readonly byId: ReadonlyMap<string, Action>;
  readonly applied: AppliedReview | undefined;
}

function changeBlock(change: Change, { byId, applied }: Around): string {
  const actions = change.actions.flatMap((id) => byId.get(id) ?? []);
  const { address, says } = headingOf(change, actions);
  const told = applied === undefined ? says : `${change.action}: ${endOf(change, applied)}`;
  const title = `${symbolOf(runeOf(change))} ${address} (${change.name}) ${told}`.trimStart();
  return folded(codeElement(title), fenced("diff", changeLines(change, actions)));
}

/** How a change ended: as the worst of its actions did. */
function endOf({ actions }: Change, { results }: AppliedReview): string {
  const ends = new Set(actions.map((id) => results.get(id)?.status ?? "skipped"));
  if (ends.has("failed")) return "failed";
  if (ends.has("unknown")) return "outcome unknown";
  if (!ends.has("skipped")) return actions.some((id) => results.get(id)?.left === true) ? "left where it is" : "done";
  return ends.has("succeeded") ? "done in part" : "not started";
}

/** What was applied, and what was not begun. */
function endedBlocks({ plan, applied }: Review): readonly string[] {
  if (applied === undefined) return [];
  const of = (title: string, statuses: readonly string[]): readonly string[] => {
    const ids = plan.actions.filter(({ id }) => statuses.includes(applied.results.get(id)?.status ?? "skipped"));
    if (ids.length === 0) return [];
    const items = ids.map(({ id }) => codeSpan(id));
    return [folded(`${title}: ${counted(ids.length, "action")}`, bounded(items, SHARE).join("\n"))];
  };
  return [...of("Applied", ["succeeded"]), ...of("Not started", ["skipped"])];
}

function driftBlock(drift: Drift): string {
  const { address, says } = driftHeading(drift);
  return folded(`Drift: ${codeElement(`${address} (${drift.name}) ${says}`)}`, fenced("diff", driftLines(drift)));
}

function outputsBlock({ plan }: Review): readonly string[] {
  const { outputChanges } = plan;
  if (outputChanges.length === 0) return [];
  const lines = cutLines(outputChanges.flatMap(outputLines));
  return [folded(`Outputs: ${counted(outputChanges.length, "change")}`, fenced("diff", lines))];
}

function policiesBlock({ policy }: Review): readonly string[] {
  const { checked, failed = [] } = policy;
  if (checked.length + failed.length === 0) return [];
  const speaking = new Map(policy.findings.map(({ policy: name, severity }) => [name, severity] as const).toReversed());
  const words = { deny: "denies", warn: "warns" } as const;
  const answers = checked.map((name) => {
    const said = speaking.get(name);
    return `${codeSpan(name)}: ${said === undefined ? "content" : words[said]}`;
  });
  const items = [...failed.map(({ policy: name }) => `${codeSpan(name)}: no answer`), ...answers];
  return [folded(`Policies: ${items.length} asked`, bounded(items, SHARE - 200).join("\n"))];
}

/** What is said of how a plan was made, or a stack looked at. */
export function noticesBlock({ notices }: Pick<Review, "notices">): readonly string[] {
  if (notices.length === 0) return [];
  return [folded(counted(notices.length, "notice"), fenced("text", cutLines(notices.flatMap(textLines))))];
}
