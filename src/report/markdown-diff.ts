import type { Action } from "../model/action.ts";
import { isUnknown, type AttributeChange, type Change, type Drift, type OutputChange } from "../model/plan.ts";
import { headingOf } from "./heading.ts";
import { cutLines } from "./markdown-fit.ts";
import { plain } from "./markdown-text.ts";
import { attributesOf } from "./plan-text.ts";
import { textIn } from "./plan-text-block.ts";
import { valueText } from "./value-text.ts";

/** What a line begins with, by which it is coloured: green, red, orange, grey. */
type Sign = "+" | "-" | "!" | "#" | " ";

/** A change as lines of a diff. */
export function changeLines(change: Change, actions: readonly Action[]): readonly string[] {
  const isGoing = change.action === "delete" || change.action === "forget";
  const [attributes] = attributesOf(change, actions);
  const hidden = isGoing || change.unchanged === 0 ? [] : [`(${unchanged(change.unchanged)} hidden)`];
  const lines = [
    ...headingOf(change, actions).because.map((line) => signed("#", line)),
    ...attributes.flatMap((each) => attributeLines(each, isGoing)),
    ...[...change.notes, ...hidden].map((line) => signed("#", line)),
  ];
  return cutLines(lines.length === 0 ? [signed("#", "(no property differs)")] : lines);
}

function unchanged(count: number): string {
  return count === 1 ? "1 unchanged attribute" : `${count} unchanged attributes`;
}

/** A drift as lines of a diff. */
export function driftLines(drift: Drift): readonly string[] {
  if (drift.kind === "deleted") return [signed("-", "it is gone")];
  const lines = drift.attributes.flatMap((each) => attributeLines(each, false));
  return cutLines(lines.length === 0 ? [signed("#", "(no property differs)")] : lines);
}

/** Changes of outputs as lines of a diff. */
export function outputLines(change: OutputChange): readonly string[] {
  const { name, before, after } = change;
  return valueLines(name, change.sensitive ? { before: hidden(before), after: hidden(after) } : { before, after });
}

const SENSITIVE = { "~orbform": "sensitive" } as const;

function hidden(value: OutputChange["after"]): typeof SENSITIVE | undefined {
  return value === undefined ? undefined : SENSITIVE;
}

function attributeLines(attribute: AttributeChange, isGoing: boolean): readonly string[] {
  const remarks = [
    ...(attribute.forcesReplacement ? ["forces replacement"] : []),
    ...(attribute.note === undefined ? [] : [attribute.note]),
  ];
  const remark = remarks.length === 0 ? "" : ` # ${remarks.join("; ")}`;
  const text = textIn(attribute);
  if (text === undefined) return valueLines(attribute.path, attribute, { isGoing, remark });
  const first = text.before === undefined ? "" : `${valueText(text.before)} -> `;
  const last = text.after === undefined ? "" : ` -> ${valueText(text.after)}`;
  return [
    signed(signOf(attribute, isGoing), `${attribute.path} = ${first}text${last}:${remark}`),
    ...text.lines.map((each) => (each === undefined ? signed(" ", "…") : textLine(each))),
  ];
}

function textLine({ sign, line }: { readonly sign: "+" | "-" | " " | "\\"; readonly line: string }): string {
  return sign === "\\" ? signed("#", line) : signed(sign, line);
}

interface Sides {
  readonly before?: OutputChange["before"] | undefined;
  readonly after?: OutputChange["after"] | undefined;
}

interface Look {
  readonly isGoing: boolean;
  readonly remark: string;
}

const NO_LOOK: Look = { isGoing: false, remark: "" };

function valueLines(path: string, sides: Sides, { isGoing, remark }: Look = NO_LOOK): readonly string[] {
  const { before, after } = sides;
  const old = before === undefined ? "" : valueText(before);
  const fresh = isUnknown(after) ? "(known after apply)" : valueText(after);
  const values =
    after === undefined || before === undefined ? `${old}${after === undefined ? "" : fresh}` : `${old} -> ${fresh}`;
  const [first = "", ...rest] = `${path} = ${values}${remark}`.split("\n");
  const sign = signOf(sides, isGoing);
  return [signed(sign, first), ...rest.map((line) => signed(sign, line))];
}

function signOf({ before, after }: Sides, isGoing: boolean): Sign {
  if (after === undefined || isGoing) return "-";
  return before === undefined ? "+" : "!";
}

function signed(sign: Sign, text: string): string {
  return `${sign} ${plain(text, 500)}`;
}
