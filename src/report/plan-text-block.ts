import type { Json } from "../model/json.ts";
import type { AttributeChange, Unknown } from "../model/plan.ts";
import { allLines, lineDiff, type DiffLine } from "./line-diff.ts";
import type { Theme } from "./theme.ts";
import { oneLine, valueText } from "./value-text.ts";

/** A value that is a text of several lines, or becomes one. */
export interface TextChange {
  /** What stands beside the text as a value of its own, where the text on that side isn't known. */
  readonly before?: string;
  readonly after?: string;
  /** `undefined`: lines that are left out. */
  readonly lines: readonly (DiffLine | undefined)[];
}

/** The text in a change; `undefined` where it is told as a value. */
export function textIn({ before, after }: AttributeChange): TextChange | undefined {
  if (typeof after !== "string" || !(before === undefined || typeof before === "string")) return undefined;
  if (!after.includes("\n") && before?.includes("\n") !== true) return undefined;
  if (before === undefined) return { lines: allLines("+", after) };
  if (isDigest(before)) return { before, lines: allLines("+", after) };
  if (isDigest(after)) return { after, lines: allLines("-", before) };
  return { lines: lineDiff(before, after) };
}

/** Stands for a text that is not known: as a line of the text it would mislead. */
function isDigest(value: Json | Unknown): boolean {
  return typeof value === "string" && /^sha256:[\da-f]{64}$/.test(value);
}

/** A text as a block of lines, as it stands behind `=`; a remark goes to its first line. */
export function textBlock({ before, after, lines }: TextChange, remark: string, theme: Theme): string {
  const first = before === undefined ? "<<text" : `${valueText(before)} -> <<text`;
  const last = after === undefined ? "text" : `text -> ${valueText(after)}`;
  const shown = lines.map((each) => `          ${lineText(each, theme)}\n`);
  return `${first}${remark}\n${shown.join("")}        ${last}`;
}

function lineText(each: DiffLine | undefined, theme: Theme): string {
  if (each === undefined) return `  ${theme.dim("…")}`;
  const text = `${each.sign} ${oneLine(each.line)}`;
  if (each.sign === "\\") return theme.dim(text);
  if (each.sign === " ") return text;
  return each.sign === "+" ? theme.add(text) : theme.destroy(text);
}
