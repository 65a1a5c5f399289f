import { printable } from "../../model/printable.ts";

/** Text that is HTML already: made by {@link markup}, and by nothing that a stack or a machine says. */
export interface Markup {
  readonly html: string;
}

/** What may stand in a template: text is escaped, lists are joined, `undefined` is nothing. */
export type Part = string | number | Markup | undefined | readonly Part[];

/**
 * HTML with values filled in, in text or in a quoted attribute. Every text is made printable and escaped, whoever wrote
 * it: nothing can end an element or an attribute, and no invisible character is left.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let html = strings[0] ?? "";
  for (const [index, part] of parts.entries()) html += partHtml(part) + (strings[index + 1] ?? "");
  return { html };
}

/** Constant text of this program, as it is. */
export function verbatim(html: string): Markup {
  return { html };
}

/** Markup where something is so. */
export function when(is: boolean, part: () => Part): Part {
  return is ? part() : undefined;
}

function partHtml(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapedHtml(part);
  if (typeof part === "number") return String(part);
  return isList(part) ? part.map(partHtml).join("") : part.html;
}

function isList(part: Markup | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function escapedHtml(text: string): string {
  return printable(text).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}
