import { hasErrors } from "../../model/diagnostic.ts";
import { durationText } from "../duration.ts";
import { changesAnything, driftLine, NO_CHANGES, summaryLine, unfoldedDrift } from "../plan-summary.ts";
import type { Review } from "../review.ts";
import { appliedVerdict, notApproved } from "../verdict.ts";
import { oneLine } from "../value-text.ts";
import { END_SIGNS } from "./end-view.ts";
import { markup, type Markup, type Part } from "./markup.ts";
import type { Kind, Shown, ShownChange } from "./shown.ts";

/** What it is, of which stack, and by what it can be told from others. */
export function headerView({ review }: Shown): Markup {
  const { plan, digest, version, commit, link, file } = review;
  const facts: readonly Fact[] = [
    ["Mode", MODE_WORDS[plan.mode]],
    ["Host", oneLine(plan.world.host === "" ? plan.world.driver : `${plan.world.driver}, ${plan.world.host}`)],
    ["State", `serial ${plan.serial}`],
    ...(file === undefined ? [] : [["File", markup`<code>${oneLine(file)}</code>`] as const]),
    ...(commit === undefined ? [] : [["Commit", markup`<code>${oneLine(commit)}</code>`] as const]),
    ["Orbform", oneLine(version)],
    ...(link === undefined ? [] : [["Run", linkView(link)] as const]),
  ];
  return markup`
<header class="top">${headingView(operationOf(review), plan.stack, plan.env)}
<dl class="facts">${factsView(facts)}<div class="digest"><dt>Digest</dt><dd><code id="digest">${oneLine(digest)}</code> <button type="button" id="copy" class="small" hidden>Copy</button><span id="copied" class="vh" role="status"></span></dd></div></dl></header>`;
}

/** What stands below the title. */
export type Fact = readonly [term: string, value: Part];

/** Facts as entries of a list. */
export function factsView(facts: readonly Fact[]): Part {
  return facts.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`);
}

/** What was done, and to which stack. */
export function headingView(command: string, stack: string, env: string | undefined): Markup {
  const whose = env === undefined ? undefined : markup` <span class="env">${oneLine(env)}</span>`;
  return markup`<p class="kicker">Orbform${stack === "" ? "" : ` ${command}`}</p><h1>${stack === "" ? command : oneLine(stack)}${whose}</h1>`;
}

const MODE_WORDS = {
  normal: "normal",
  destroy: "destroy",
  "refresh-only": "only takes in what changed outside",
};

/** `plan`, `apply`, `drift` … */
export function operationOf({ applied, plan }: Review): string {
  return applied?.operation ?? { normal: "plan", destroy: "destroy plan", "refresh-only": "drift" }[plan.mode];
}

/** A link to a page, where it is one. */
export function linkView(link: string): Part {
  const text = oneLine(link);
  return /^https?:\/\//.test(link) ? markup`<a href="${text}" rel="noopener noreferrer">${text}</a>` : text;
}

/** What is to be known first: the counts, and by name what goes, what is replaced and what restarts. */
export function summaryView(shown: Shown): Markup {
  const { review } = shown;
  const planned = (title: string): string => (review.applied === undefined ? title : `${title}, as planned`);
  return markup`
<section id="summary" aria-labelledby="summary-h"><h2 id="summary-h">Summary</h2>
<p class="verdict">${verdictOf(review)}</p>${explained(review)}${alarmsOf(review).map((each) => markup`<p class="alarm">${each}</p>`)}
${marksOf(shown)}${namedView(shown, "delete", planned("To destroy"))}${namedView(shown, "replace", planned("To replace"))}${namedView(shown, "restart", planned("To restart"))}${namedView(shown, "stop", planned("To stop"))}${endsView(shown)}</section>`;
}

/** What keeps it from being applied, or kept it from being applied whole. */
function alarmsOf({ plan, policy, applied }: Review): readonly string[] {
  const denied = policy.findings.some((each) => each.severity === "deny");
  return [
    ...(applied === undefined && hasErrors(plan.diagnostics) && notApproved(plan) === undefined
      ? ["It has errors: nothing of it is applied."]
      : []),
    ...(applied === undefined && denied ? ["Policies deny it: it can't be applied."] : []),
    ...(applied?.interrupted === true ? ["It was interrupted: what had not begun was not done."] : []),
  ];
}

/** What it means that nothing changes. */
function explained({ plan, applied }: Review): Part {
  if (applied !== undefined || changesAnything(plan) || hasErrors(plan.diagnostics)) return undefined;
  const inPart = plan.diagnostics.some((each) => each.code === "ORB_TARGETED");
  return markup`<p class="lead">${inPart ? "Nothing is to be done for what was targeted; the rest was not looked at." : NO_CHANGES[plan.mode]}</p>`;
}

/** Terraform's line. */
function verdictOf({ plan, applied }: Review): string {
  if (applied !== undefined) return appliedVerdict(applied);
  const unapproved = notApproved(plan);
  if (unapproved !== undefined) return `${summaryLine(plan.summary)} Not applied: ${oneLine(unapproved.summary)}.`;
  if (hasErrors(plan.diagnostics)) return "This can't be applied.";
  if (!changesAnything(plan)) return "No changes.";
  return plan.mode === "refresh-only"
    ? `${driftLine(plan)} Only the state is to change: no machine is touched.`
    : summaryLine(plan.summary);
}

function marksOf(shown: Shown): Part {
  const { review } = shown;
  const { plan, policy } = review;
  const drifts = unfoldedDrift(plan).length;
  const errors = plan.diagnostics.filter((each) => each.severity === "error").length;
  const warnings = plan.diagnostics.length - errors;
  const [denied, warned] = (["deny", "warn"] as const).map(
    (severity) => policy.findings.filter((each) => each.severity === severity).length,
  );
  const marks = [
    mark(errors, "bad", [errors === 1 ? "error" : "errors", "problems"]),
    mark(warnings, "odd", [warnings === 1 ? "warning" : "warnings", "problems"]),
    mark(denied ?? 0, "bad", ["denied by policy", "policy"]),
    mark(warned ?? 0, "odd", [warned === 1 ? "policy warning" : "policy warnings", "policy"]),
    mark(drifts, "odd", ["changed outside", "drift"]),
  ];
  const isAhead = plan.actions.length > 0 && review.applied === undefined;
  const there = [...marks, isAhead ? timeView(shown) : undefined].filter((each) => each !== undefined);
  return there.length === 0 ? undefined : markup`<ul class="marks">${there}</ul>`;
}

function timeView({ expectedMs, timing: { path, pathMs, workMs } }: Shown): Markup {
  const chain = path.length === 1 ? "one action" : `the longest chain, of ${path.length} actions`;
  const why = expectedMs > pathMs ? `with the default limits; ${chain}, takes ${durationText(pathMs)}` : chain;
  return markup`<li>Expected to take <a href="#graph">about ${durationText(expectedMs)}</a> <span class="note">(${why}; ${durationText(workMs)} of work in all)</span></li>`;
}

function mark(count: number, tone: string, [words, to]: readonly [words: string, section: string]): Part {
  return count === 0 ? undefined : markup`<li class="${tone}"><a href="#${to}">${count} ${words}</a></li>`;
}

function namedView({ changes }: Shown, kind: Kind, title: string): Part {
  const named = changes.filter((each) => each.kinds.includes(kind));
  if (named.length === 0) return undefined;
  return markup`<div class="named ${kind}"><h3>${title} <span class="count">${named.length}</span></h3>${foldedNames(named)}</div>`;
}

/** More names than this are folded. */
const MANY = 24;

function foldedNames(named: readonly ShownChange[]): Markup {
  const first = namesView(named.slice(0, MANY));
  if (named.length <= MANY) return first;
  return markup`${first}<details class="more"><summary>and ${named.length - MANY} more</summary>${namesView(named.slice(MANY))}</details>`;
}

function namesView(named: readonly ShownChange[]): Markup {
  return markup`<ul class="names">${named.map((each) => markup`<li><a href="#${each.id}"><code>${oneLine(each.heading.address)}</code></a>${each.ended && markup` <span class="end">${END_SIGNS[each.ended]}<span class="vh">${each.ended}</span></span>`}</li>`)}</ul>`;
}

function endsView(shown: Shown): Part {
  const words = { failed: "Failed", unknown: "Outcome unknown", skipped: "Not begun" } as const;
  if (shown.review.applied === undefined) return undefined;
  return (["failed", "unknown", "skipped"] as const).map((kind) => namedView(shown, kind, words[kind]));
}
