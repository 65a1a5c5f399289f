import { isUnknown, type AttributeChange } from "../../model/plan.ts";
import type { DiffLine } from "../line-diff.ts";
import { textIn, type TextChange } from "../plan-text-block.ts";
import { oneLine, valueText } from "../value-text.ts";
import { markup, type Markup, type Part, when } from "./markup.ts";

/** Sides of a value; an absent one: it is not there on that side. */
type Sides = Pick<AttributeChange, "before" | "after">;

/** The properties of a change, each with what it was and what it will be. */
export function attributesView(attributes: readonly AttributeChange[], goes: boolean): Part {
  if (attributes.length === 0) return undefined;
  return markup`<table class="attrs"><thead class="vh"><tr><th scope="col">Sign</th><th scope="col">Property</th><th scope="col">Before and after</th></tr></thead><tbody>${attributes.map((each) => attributeRow(each, goes))}</tbody></table>`;
}

function attributeRow(attribute: AttributeChange, goes: boolean): Markup {
  const sign = signOf(attribute, goes);
  const text = textIn(attribute);
  return markup`
<tr class="${sign.tone}"><td class="sign"><span aria-hidden="true">${sign.sign}</span><span class="vh">${sign.word}</span></td><th scope="row">${oneLine(attribute.path)}</th><td>${text === undefined ? sidesView(attribute) : textView(text)}${remarks(attribute)}</td></tr>`;
}

function remarks({ forcesReplacement, note }: AttributeChange): Part {
  return [
    when(forcesReplacement, () => markup` <strong class="tag replace">forces replacement</strong>`),
    when(note !== undefined, () => markup` <span class="note">${oneLine(note ?? "")}</span>`),
  ];
}

function signOf({ before, after }: Sides, goes: boolean): { readonly [part in "sign" | "word" | "tone"]: string } {
  if (after === undefined || goes) return { sign: "−", word: "goes", tone: "delete" };
  if (before === undefined) return { sign: "+", word: "comes", tone: "create" };
  return { sign: "~", word: "changes", tone: "update" };
}

/** A value before and after. */
export function sidesView({ before, after }: Sides): Markup {
  if (before === undefined) return valueView(after, "ins");
  if (after === undefined) return valueView(before, "del");
  return markup`${valueView(before, "del")} <span class="to"><span aria-hidden="true">→</span><span class="vh">becomes</span></span> ${valueView(after, "ins")}`;
}

function valueView(value: Sides["after"], as: "ins" | "del"): Markup {
  if (isUnknown(value)) return markup`<em class="unknown">(known after apply)</em>`;
  const text = valueText(value);
  return as === "ins" ? markup`<ins>${text}</ins>` : markup`<del>${text}</del>`;
}

function textView({ before, after, lines }: TextChange): Markup {
  return markup`${when(before !== undefined, () => markup`${valueView(before, "del")} <span class="to">→</span>`)}<pre class="text">${lines.slice(0, MOST_LINES).map(lineView)}${more(lines.length)}</pre>${when(after !== undefined, () => markup`<span class="to">→</span> ${valueView(after, "ins")}`)}`;
}

/** How many lines of a text are shown. */
const MOST_LINES = 1000;

function more(lines: number): Part {
  return lines > MOST_LINES ? markup`<span class="remark">… and ${lines - MOST_LINES} more lines</span>\n` : undefined;
}

const LINE_TONES = { "+": "create", "-": "delete", " ": "same", "\\": "remark" } as const;

function lineView(each: DiffLine | undefined): Markup {
  if (each === undefined) return markup`<span class="remark">…</span>\n`;
  const sign = each.sign === "-" ? "−" : each.sign;
  return markup`<span class="${LINE_TONES[each.sign]}">${sign} ${oneLine(each.line)}</span>\n`;
}
