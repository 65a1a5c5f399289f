import type { Change } from "../model/plan.ts";

/** Colours a piece of text, or gives it back as it is. */
export type Paint = (text: string) => string;

/** How output is coloured. The functions are passed in: this room knows no terminal. */
export interface Theme {
  readonly add: Paint;
  readonly change: Paint;
  readonly destroy: Paint;
  readonly replace: Paint;
  readonly strong: Paint;
  readonly dim: Paint;
  readonly error: Paint;
  readonly warning: Paint;
}

const same: Paint = (text) => text;

/** No colour at all. */
export const PLAIN: Theme = {
  add: same,
  change: same,
  destroy: same,
  replace: same,
  strong: same,
  dim: same,
  error: same,
  warning: same,
};

/** What a heading is marked with; `keep` marks what is only taken in or moved. */
export type Rune = "add" | "change" | "destroy" | "destroy-add" | "add-destroy" | "forget" | "adopt" | "keep";

/** Terraform's symbols, padded to the three columns in front of a block. */
const RUNES: { readonly [rune in Rune]: string } = {
  add: "  +",
  change: "  ~",
  destroy: "  -",
  "destroy-add": "-/+",
  "add-destroy": "+/-",
  forget: "  .",
  adopt: "  &",
  keep: "   ",
};

/** The legend's words, in the order the legend has them. */
export const LEGEND: readonly (readonly [Rune, string])[] = [
  ["add", "create"],
  ["change", "update in-place"],
  ["destroy", "destroy"],
  ["destroy-add", "destroy and then create replacement"],
  ["add-destroy", "create replacement and then destroy"],
  ["adopt", "take into state"],
  ["forget", "forget"],
];

/** The rune of a change. */
export function runeOf(change: Pick<Change, "action" | "createBeforeDestroy">): Rune {
  if (change.action === "replace") return change.createBeforeDestroy ? "add-destroy" : "destroy-add";
  return RUNE_BY_ACTION[change.action];
}

const RUNE_BY_ACTION = {
  create: "add",
  update: "change",
  delete: "destroy",
  forget: "forget",
  adopt: "adopt",
  "no-op": "keep",
} as const;

/** A rune's symbol without the padding: `~`, `-/+`. */
export function symbolOf(rune: Rune): string {
  return RUNES[rune].trim();
}

/** A rune in its colour. */
export function paintRune(rune: Rune, theme: Theme): string {
  const text = RUNES[rune];
  if (rune === "destroy-add" || rune === "add-destroy") return theme.replace(text);
  if (rune === "add" || rune === "adopt") return theme.add(text);
  if (rune === "destroy") return theme.destroy(text);
  return rune === "change" ? theme.change(text) : text;
}
