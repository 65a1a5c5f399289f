import { addressParts } from "../../model/address.ts";
import type { Drift } from "../../model/plan.ts";
import type { PolicyFinding, PolicyReport } from "../../model/policy.ts";
import { tally } from "../count-applied.ts";
import { driftHeading } from "../heading.ts";
import { unfoldedDrift } from "../plan-summary.ts";
import type { Review } from "../review.ts";
import { oneLine } from "../value-text.ts";
import { changeView } from "./change-view.ts";
import { markup, type Markup, type Part, when } from "./markup.ts";
import { problemView, whereView, type Linked } from "./problem-view.ts";
import { KIND_WORDS, type Kind, type Shown } from "./shown.ts";
import { attributesView, sidesView } from "./value-view.ts";

function section([id, title]: readonly [id: string, title: string], count: number, body: Part): Markup {
  return markup`
<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${title} <span class="count">${count}</span></h2>${body}</section>`;
}

/** What went wrong, what is odd, what is to be known; nothing where there is nothing. */
export function problemsView({ review, linked }: Shown): Part {
  const { plan, notices, applied } = review;
  const problems = [...(applied === undefined ? [] : tally(applied.results).problems), ...plan.diagnostics];
  const count = problems.length + notices.length;
  if (count === 0) return undefined;
  return section(["problems", "Problems and notices"], count, [
    problems.map((each) => problemView(each, linked)),
    notices.map((each) => markup`<p class="notice">${each}</p>`),
  ]);
}

/** What the policies say; nothing where none was asked. */
export function policyView({ review, linked }: Shown): Part {
  const { checked, findings, failed = [] } = review.policy;
  const asked = checked.length + failed.length;
  if (asked === 0 && findings.length === 0) return undefined;
  const against = new Set(findings.map((each) => each.policy));
  const satisfied = checked.filter((each) => !against.has(each));
  const others = [...failed.map(silentView), ...findings.map((each) => findingView(each, linked))];
  return section(["policy", "Policies"], asked, [
    others.length === 0 ? markup`<p>All are satisfied.</p>` : others,
    when(satisfied.length > 0 && others.length > 0, () => markup`<h3>Satisfied</h3>`),
    when(
      satisfied.length > 0,
      () =>
        markup`<ul class="satisfied">${satisfied.map((each) => markup`<li><span aria-hidden="true">✓</span> ${oneLine(each)}</li>`)}</ul>`,
    ),
  ]);
}

function silentView({ policy, message }: NonNullable<PolicyReport["failed"]>[number]): Markup {
  return markup`
<div class="problem error"><p><strong><span class="tag error">no answer</span> ${oneLine(policy)}</strong></p><p class="detail">${message}</p></div>`;
}

function findingView(finding: PolicyFinding, linked: Linked): Markup {
  const denies = finding.severity === "deny";
  return markup`
<div class="problem ${denies ? "error" : "warning"}"><p><strong><span class="tag ${denies ? "error" : "warning"}">${denies ? "denied" : "warning"}</span> ${oneLine(finding.policy)}</strong></p>${whereView(finding, linked)}<p class="detail">${finding.message}</p></div>`;
}

/** What changed outside; nothing where nothing did. */
export function driftView({ plan }: Review): Part {
  const drifts = unfoldedDrift(plan);
  if (drifts.length === 0) return undefined;
  const intro = markup`<p class="lead">Changed outside of Orbform since the last apply.</p>`;
  return section(["drift", "Drift"], drifts.length, [intro, drifts.map((each) => oneDrift(each, drifts.length <= 12))]);
}

function oneDrift(drift: Drift, open: boolean): Markup {
  const { says } = driftHeading(drift);
  const { address, name } = drift;
  const tone = drift.kind === "deleted" ? "delete" : "update";
  return markup`
<details class="drift ${tone}"${when(open, () => markup` open`)}><summary><span class="sign" aria-hidden="true">${tone === "delete" ? "−" : "~"}</span><span class="head"><code>${oneLine(address)}</code> <span class="says">${says}</span></span></summary>
<div class="body">${when(addressParts(address).key !== name, () => markup`<p class="why"><b>${oneLine(name)}</b></p>`)}${attributesView(drift.attributes, tone === "delete")}</div></details>`;
}

/** What becomes of outputs; nothing where nothing does. */
export function outputsView({ plan }: Review): Part {
  const changes = plan.outputChanges;
  if (changes.length === 0) return undefined;
  const rows = changes.map((each) => {
    const [sign, word, tone] = signOf(each);
    const value = each.sensitive ? markup`<em class="unknown">(sensitive value)</em>` : sidesView(each);
    return markup`<tr class="${tone}"><td class="sign"><span aria-hidden="true">${sign}</span><span class="vh">${word}</span></td><th scope="row">${oneLine(each.name)}</th><td>${value}</td></tr>`;
  });
  return section(
    ["outputs", "Outputs"],
    changes.length,
    markup`<table class="attrs"><thead class="vh"><tr><th scope="col">Sign</th><th scope="col">Output</th><th scope="col">Before and after</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function signOf({
  before,
  after,
}: {
  readonly before?: unknown;
  readonly after?: unknown;
}): readonly [string, string, string] {
  if (after === undefined) return ["−", "goes", "delete"];
  return before === undefined ? ["+", "comes", "create"] : ["~", "changes", "update"];
}

/** With more changes than this, none is open at first. */
const FEW = 12;

/** All changes, with what they can be filtered by. */
export function changesView(shown: Shown): Part {
  const { changes, review } = shown;
  if (changes.length === 0) return undefined;
  const list = changes.map((each) => changeView(each, shown, changes.length <= FEW));
  return section(
    ["changes", review.applied === undefined ? "Changes" : "Changes, as planned"],
    changes.length,
    markup`${filtersView(shown)}<div id="list">${list}</div><p id="none" hidden>No change is like that. <button type="button" class="small" id="clear">Show all</button></p>`,
  );
}

function filtersView({ changes }: Shown): Markup {
  const counts = new Map<Kind, number>();
  for (const { kinds } of changes) for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const buttons = kindsInOrder().flatMap((kind) => {
    const count = counts.get(kind);
    if (count === undefined) return [];
    return markup`<button type="button" class="filter ${kind}" aria-pressed="false" data-filter="${kind}">${KIND_WORDS[kind]} <span class="count">${count}</span></button>`;
  });
  return markup`<div class="filters" id="filters" role="search" aria-label="Changes" hidden><label class="search"><span class="vh">Search changes</span><input type="search" id="search" placeholder="Search names and values" autocomplete="off" spellcheck="false"></label><div class="kinds" role="group" aria-label="Filter by action">${buttons}</div><div class="row"><span id="shown" role="status">${changes.length} of ${changes.length} shown</span><span class="grow"></span><button type="button" class="small" id="open-all">Open all</button><button type="button" class="small" id="close-all">Close all</button></div></div>`;
}

function kindsInOrder(): readonly Kind[] {
  return [
    "create",
    "update",
    "replace",
    "delete",
    "forget",
    "adopt",
    "move",
    "recover",
    "restart",
    "stop",
    "failed",
    "skipped",
    "unknown",
  ];
}
