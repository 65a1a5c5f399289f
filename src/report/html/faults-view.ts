import type { Faults } from "../findings.ts";
import { oneLine } from "../value-text.ts";
import { markup, type Markup, type Part, when } from "./markup.ts";
import { problemView } from "./problem-view.ts";
import { factsView, headingView, linkView, type Fact } from "./summary-view.ts";

/** What was tried, and of which stack. */
export function faultsHeader({ command, stack, env, version, commit, link, file }: Faults): Markup {
  const facts: readonly Fact[] = [
    ...(file === undefined ? [] : [["File", markup`<code>${oneLine(file)}</code>`] as const]),
    ...(commit === undefined ? [] : [["Commit", markup`<code>${oneLine(commit)}</code>`] as const]),
    ["Orbform", oneLine(version)],
    ...(link === undefined ? [] : [["Run", linkView(link)] as const]),
  ];
  return markup`
<header class="top">${headingView(command, stack ?? "", env)}
<dl class="facts">${factsView(facts)}</dl></header>`;
}

/** What it means. */
export function faultsSummary({ command, diagnostics }: Faults): Markup {
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  const validated = errors === 0 ? "The stack is valid." : "The stack is not valid.";
  const verdict = command === "validate" ? validated : "Nothing could be planned.";
  const counts = [counted(errors, "error"), counted(diagnostics.length - errors, "warning")].filter(Boolean);
  return markup`
<section id="summary" aria-labelledby="summary-h"><h2 id="summary-h">Summary</h2>
<p class="verdict">${verdict}</p>${when(counts.length > 0, () => markup`<p class="lead">${counts.join(", ")}</p>`)}</section>`;
}

function counted(count: number, word: string): string {
  if (count === 0) return "";
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Each that was found; nothing where nothing was. */
export function faultsProblems({ diagnostics, notices = [] }: Faults): Part {
  if (diagnostics.length + notices.length === 0) return undefined;
  return markup`
<section id="problems" aria-labelledby="problems-h"><h2 id="problems-h">Problems and notices <span class="count">${diagnostics.length + notices.length}</span></h2>${diagnostics.map((each) => problemView(each))}${notices.map((each) => markup`<p class="notice">${each}</p>`)}</section>`;
}
