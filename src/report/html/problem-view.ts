import type { Diagnostic } from "../../model/diagnostic.ts";
import { oneLine } from "../value-text.ts";
import { markup, type Markup, type Part, when } from "./markup.ts";

/** The id of the element that is about an address, where there is one. */
export type Linked = (address: string) => string | undefined;

/** A diagnostic: what, where, why, and what to do. */
export function problemView(problem: Diagnostic, linked?: Linked): Markup {
  const { severity, code, summary, detail, hint } = problem;
  return markup`
<div class="problem ${severity}"><p><strong><span class="tag ${severity}">${severity}</span> ${oneLine(summary)}</strong> <span class="code">${code}</span></p>${whereView(problem, linked)}<p class="detail">${detail.trim()}</p>${when(hint !== undefined, () => markup`<p class="hint">${(hint ?? "").trim()}</p>`)}</div>`;
}

/** Where something is: in which resource, at which place of a file. */
export function whereView({ address, place }: Pick<Diagnostic, "address" | "place">, linked?: Linked): Part {
  if (address === undefined && place === undefined) return undefined;
  const between = address === undefined || place === undefined ? undefined : ", ";
  const file = place && markup`<code>${oneLine(place.file)}:${place.line}</code>`;
  return markup`<p class="where">${address === undefined ? undefined : addressView(address, linked)}${between}${file}</p>`;
}

function addressView(address: string, linked: Linked | undefined): Markup {
  const code = markup`<code>${oneLine(address)}</code>`;
  const id = linked?.(address);
  return id === undefined ? code : markup`<a href="#${id}">${code}</a>`;
}
