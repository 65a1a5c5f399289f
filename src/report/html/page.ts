import { oneLine } from "../value-text.ts";
import type { Faults } from "../findings.ts";
import type { Review } from "../review.ts";
import { faultsHeader, faultsProblems, faultsSummary } from "./faults-view.ts";
import { graphView } from "./graph-view.ts";
import { markup, type Markup, type Part, verbatim } from "./markup.ts";
import { SCRIPT } from "./script.ts";
import { changesView, driftView, outputsView, policyView, problemsView } from "./sections.ts";
import { shownOf } from "./shown.ts";
import { STYLE } from "./style.ts";
import { headerView, operationOf, summaryView } from "./summary-view.ts";

/** The SHA-256 of a text's UTF-8, in base64. */
export type Sha256 = (text: string) => string;

/**
 * A review as one HTML document that needs nothing else: it works offline, and without its script. A content security
 * policy lets only this script and this style run, and nothing be loaded.
 */
export function htmlReport(review: Review, sha256: Sha256): string {
  const shown = shownOf(review);
  const sections: readonly Section[] = [
    ["summary", "Summary", summaryView(shown)],
    ["problems", "Problems", problemsView(shown)],
    ["policy", "Policies", policyView(shown)],
    ["drift", "Drift", driftView(review)],
    ["changes", "Changes", changesView(shown)],
    ["outputs", "Outputs", outputsView(review)],
    ["graph", "Graph", graphView(shown)],
  ];
  const { stack, env } = review.plan;
  const title = `${stackText(stack, env)}: ${operationOf(review)}`;
  return document({ title, version: review.version, header: headerView(shown), sections }, sha256);
}

/** What was found where there is no plan, as a document like that of {@link htmlReport}. */
export function htmlFaults(faults: Faults, sha256: Sha256): string {
  const { stack, env, command, version } = faults;
  const title = `${stack === undefined ? "" : `${stackText(stack, env)}: `}${command}`;
  const sections: readonly Section[] = [
    ["summary", "Summary", faultsSummary(faults)],
    ["problems", "Problems", faultsProblems(faults)],
  ];
  return document({ title, version, header: faultsHeader(faults), sections }, sha256);
}

type Section = readonly [id: string, title: string, body: Part];

interface Parts {
  readonly title: string;
  readonly version: string;
  readonly header: Markup;
  readonly sections: readonly Section[];
}

function document({ title, version, header, sections }: Parts, sha256: Sha256): string {
  const there = sections.filter(([, , body]) => body !== undefined);
  const links = there.map(([id, words]) => markup`<li><a href="#${id}">${words}</a></li>`);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(sha256)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Orbform ${oneLine(version)}">
<title>${title} · Orbform</title>
<style>${verbatim(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>${header}
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main id="main" tabindex="-1">${there.map(([, , body]) => body)}
</main>${footerView()}
<script>${verbatim(SCRIPT)}</script>
</body>
</html>
`;
  return page.html;
}

function policyOf(sha256: Sha256): string {
  const rules = [
    "default-src 'none'",
    `style-src 'sha256-${sha256(STYLE)}'`,
    `script-src 'sha256-${sha256(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return rules.join("; ");
}

function stackText(stack: string, env: string | undefined): string {
  return `${oneLine(stack)}${env === undefined ? "" : ` (${oneLine(env)})`}`;
}

function footerView(): Markup {
  return markup`
<footer><details id="help" data-js hidden><summary>Keyboard</summary><dl class="keys"><div><dt><kbd>/</kbd></dt><dd>search changes</dd></div><div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next and previous change</dd></div><div><dt><kbd>Enter</kbd></dt><dd>open or close a change</dd></div><div><dt><kbd>g</kbd></dt><dd>go to the graph</dd></div><div><dt><kbd>Esc</kbd></dt><dd>clear search and filters</dd></div><div><dt><kbd>?</kbd></dt><dd>this help</dd></div></dl><p><label><input type="checkbox" id="keys" checked> Keys of one letter</label></p></details></footer>`;
}
