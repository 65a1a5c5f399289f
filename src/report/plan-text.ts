import type { Action } from "../model/action.ts";
import { isUnknown, type AttributeChange, type Change, type Drift, type Plan } from "../model/plan.ts";
import { textBlock, textIn } from "./plan-text-block.ts";
import { changesAnything, driftLine, NO_CHANGES, summaryLine, unfoldedDrift } from "./plan-summary.ts";
import { driftHeading, headingOf, type Heading } from "./heading.ts";
import { outputChangesText } from "./outputs-text.ts";
import { LEGEND, paintRune, runeOf, type Rune, type Theme } from "./theme.ts";
import { oneLine, valueText } from "./value-text.ts";

interface Telling {
  readonly theme: Theme;
  /** A command as it can be typed: with the stack, environment and driver of this call. */
  readonly typed: (command: string) => string;
}

/** The plan in Terraform's look. Ends with a line break; diagnostics are not part of it. `typed` completes a command. */
export function planText(plan: Plan, theme: Theme, typed: Telling["typed"] = (command) => command): string {
  const drift = driftSection(plan, theme);
  if (plan.changes.length === 0 && !changesAnything(plan)) return `${drift}${noChanges(plan, { theme, typed })}`;
  if (plan.mode === "refresh-only") return `${drift}${recordLine(plan, { theme, typed })}`;
  return `${drift}${changesSection(plan, theme)}${outputChangesText(plan.outputChanges, theme)}`;
}

function noChanges(plan: Plan, { theme, typed }: Telling): string {
  if (plan.diagnostics.some((each) => each.code === "ORB_TARGETED")) return noChangesInPart(theme);
  const why = plan.mode === "refresh-only" ? noDrift(plan, typed) : WHY[plan.mode];
  return `\n${theme.strong(theme.add("No changes."))} ${theme.strong(NO_CHANGES[plan.mode])}\n\n${why}\n`;
}

/** The stack was not looked at: nothing is claimed of it. */
function noDrift({ serial }: Plan, typed: Telling["typed"]): string {
  if (serial === 0) return "There is no state yet, so there was nothing that could have changed.";
  return (
    "Orbform has compared your machines with the state, not with the stack. To compare them with that, run:\n" +
    `  ${typed("orb plan")}`
  );
}

const WHY = {
  normal: "Orbform has compared your machines against your stack and found no differences, so no changes are needed.",
  destroy: "Either you have not created any objects yet or the existing objects were already deleted.",
} as const;

/** Only a part was looked at: nothing is claimed of the whole. */
function noChangesInPart(theme: Theme): string {
  const line = theme.strong("Nothing is to be done for what was targeted.");
  const why = "Orbform has compared only a part of your stack. What was left out may still need changes.";
  return `\n${theme.strong(theme.add("No changes."))} ${line}\n\n${why}\n`;
}

function recordLine(plan: Plan, { theme, typed }: Telling): string {
  return (
    "\nThis is a refresh-only plan, so Orbform will not take any actions to undo these. If you were expecting these\n" +
    `changes then you can record them in the state, without changing any machine: ${typed("orb apply --refresh-only")}\n` +
    `${outputChangesText(plan.outputChanges, theme)}\n${theme.strong(driftLine(plan))}\n`
  );
}

function changesSection(plan: Plan, theme: Theme): string {
  if (plan.changes.length === 0) return "";
  const byId = new Map<string, Action>(plan.actions.map((action) => [action.id, action]));
  const blocks = plan.changes.map((change) => changeBlock(change, actionsOf(change, byId), theme));
  const summary = `${theme.strong(summaryLine(plan.summary))}\n`;
  return `${legend(plan, theme)}\nOrbform will perform the following actions:\n\n${blocks.join("\n")}\n${summary}`;
}

function actionsOf(change: Change, byId: ReadonlyMap<string, Action>): readonly Action[] {
  return change.actions.flatMap((id) => byId.get(id) ?? []);
}

function legend(plan: Plan, theme: Theme): string {
  const used = new Set<Rune>(plan.changes.map((change) => runeOf(change)));
  const lines = LEGEND.filter(([rune]) => used.has(rune)).map(
    ([rune, words]) => `${paintRune(rune, theme)} ${words}\n`,
  );
  if (lines.length === 0) return "";
  const intro = "Orbform used the stack to generate the following execution\nplan. ";
  return `\n${intro}Resource actions are indicated with the following symbols:\n${lines.join("")}`;
}

function changeBlock(change: Change, actions: readonly Action[], theme: Theme): string {
  const rune = runeOf(change);
  const removes = rune === "destroy" || rune === "forget";
  const attributes = attributeLines(...attributesOf(change, actions), theme);
  const notes = change.notes.map((note) => `        ${theme.dim(`# ${oneLine(note)}`)}\n`);
  const hidden = removes ? "" : hiddenLine(change.unchanged, theme);
  const head = `${headingLines(headingOf(change, actions), theme)}${paintRune(rune, theme)} `;
  return `${head}${change.type} ${valueText(change.name)} {\n${attributes}${notes.join("")}${hidden}    }\n`;
}

/** A setting that leaves the stack is not gone afterwards: it is given the value back that stood before. */
export function attributesOf(change: Change, actions: readonly Action[]): readonly [readonly AttributeChange[], Rune] {
  const [back] = actions.flatMap((each) =>
    each.kind === "remove" && each.subject === "setting" && typeof each.value === "string" ? each.value : [],
  );
  if (back === undefined) return [change.attributes, runeOf(change)];
  return [change.attributes.map((each) => ({ ...each, after: back })), "change"];
}

function headingLines(heading: Heading, theme: Theme): string {
  const first = `  # ${theme.strong(oneLine(heading.address))} ${oneLine(heading.says)}\n`;
  return first + heading.because.map((line) => `  # ${oneLine(line)}\n`).join("");
}

function hiddenLine(unchanged: number, theme: Theme): string {
  if (unchanged === 0) return "";
  const words = unchanged === 1 ? "1 unchanged attribute" : `${unchanged} unchanged attributes`;
  return `        ${theme.dim(`# (${words} hidden)`)}\n`;
}

interface Look {
  readonly rune: Rune;
  readonly theme: Theme;
}

function attributeLines(attributes: readonly AttributeChange[], rune: Rune, theme: Theme): string {
  const width = Math.max(0, ...attributes.map((each) => oneLine(each.path).length));
  return attributes.map((each) => attributeLine(each, width, { rune, theme })).join("");
}

function attributeLine(attribute: AttributeChange, width: number, look: Look): string {
  const { theme } = look;
  const forces = attribute.forcesReplacement ? theme.destroy(" # forces replacement") : "";
  const note = attribute.note === undefined ? "" : theme.dim(` # ${oneLine(attribute.note)}`);
  const name = oneLine(attribute.path).padEnd(width);
  const text = textIn(attribute);
  const value = text === undefined ? `${sides(attribute)}${forces}${note}` : textBlock(text, `${forces}${note}`, theme);
  return `      ${sign(attribute, look)} ${name} = ${value}\n`;
}

function sign(attribute: AttributeChange, { rune, theme }: Look): string {
  if (attribute.after === undefined || rune === "destroy") return theme.destroy("-");
  return attribute.before === undefined ? theme.add("+") : theme.change("~");
}

function sides(attribute: AttributeChange): string {
  if (attribute.after === undefined) return `${valueText(attribute.before, 6)} -> null`;
  const after = isUnknown(attribute.after) ? "(known after apply)" : valueText(attribute.after, 6);
  return attribute.before === undefined ? after : `${valueText(attribute.before, 6)} -> ${after}`;
}

function driftSection(plan: Plan, theme: Theme): string {
  const drifts = unfoldedDrift(plan);
  if (drifts.length === 0) return "";
  const blocks = drifts.map((drift) => driftBlock(drift, theme));
  const rest =
    "Unless you have made equivalent changes to your stack, or ignored the properties with ignoreChanges, the\n" +
    "following plan may include actions to undo or respond to these changes.\n";
  return (
    `\n${theme.strong("Note: Objects have changed outside of Orbform")}\n\n` +
    "Orbform detected the following changes made outside of Orbform since the last apply:\n\n" +
    `${blocks.join("\n")}\n${plan.mode === "refresh-only" ? "" : rest}`
  );
}

/** One drift as a block. */
function driftBlock(drift: Drift, theme: Theme): string {
  const rune = drift.kind === "deleted" ? "destroy" : "change";
  const body = attributeLines(drift.attributes, rune, theme);
  const head = `${headingLines(driftHeading(drift), theme)}${paintRune(rune, theme)} `;
  const [type = ""] = drift.address.split("/").at(-1)?.split(".") ?? [];
  return `${head}${type} ${valueText(drift.name)} {\n${body}    }\n`;
}
