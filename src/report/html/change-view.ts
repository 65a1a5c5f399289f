import { waitsFor, type Action } from "../../model/action.ts";
import { addressParts } from "../../model/address.ts";
import { durationText } from "../duration.ts";
import { attributesOf } from "../plan-text.ts";
import { oneLine } from "../value-text.ts";
import { endView } from "./end-view.ts";
import { markup, type Markup, type Part, when } from "./markup.ts";
import { problemView } from "./problem-view.ts";
import { KIND_WORDS, type Shown, type ShownChange } from "./shown.ts";
import { attributesView } from "./value-view.ts";

/** One change: what happens to a resource, and on demand its properties and steps. */
export function changeView(each: ShownChange, shown: Shown, open: boolean): Markup {
  const { change, heading, kinds, tone } = each;
  return markup`
<details class="change ${tone}" id="${each.id}" data-kinds="${kinds.join(" ")}"${when(open, () => markup` open`)}><summary><span class="sign" aria-hidden="true">${each.symbol}</span><span class="head"><code>${oneLine(heading.address)}</code> <span class="says">${oneLine(heading.says)}</span></span>${badges(each)}</summary>
<div class="body">${because(each, shown)}${attributesView(attributesOf(each.change, each.actions)[0], tone === "delete" || tone === "forget")}${unchanged(each)}${change.notes.map((note) => markup`<p class="note">${note}</p>`)}${stepsView(each, shown)}</div></details>`;
}

function badges({ kinds, ended }: ShownChange): Part {
  const traits = kinds.slice(1).filter((kind) => kind !== ended);
  return markup`<span class="badges">${traits.map((kind) => markup`<span class="tag ${kind}">${KIND_WORDS[kind]}</span>`)}${ended && endView(ended)}</span>`;
}

/** Its name, where the address doesn't say it, where it is written, and why it is done. Steps have a list of their own. */
function because({ change, heading }: ShownChange, { review }: Shown): Part {
  const place = review.places?.[change.address];
  const facts = [
    ...(change.name === addressParts(change.address).key
      ? []
      : [markup`${change.type} <b>${oneLine(change.name)}</b>`]),
    ...(place === undefined ? [] : [markup`<code>${oneLine(place.file)}:${place.line}</code>`]),
    ...heading.because.filter((line) => line.startsWith("(")).map((line) => markup`${oneLine(line)}`),
  ];
  return facts.map((fact) => markup`<p class="why">${fact}</p>`);
}

function unchanged({ change, tone }: ShownChange): Part {
  if (change.unchanged === 0 || tone === "delete" || tone === "forget") return undefined;
  return markup`<p class="note">${change.unchanged === 1 ? "1 unchanged attribute" : `${change.unchanged} unchanged attributes`}</p>`;
}

function stepsView({ actions }: ShownChange, shown: Shown): Part {
  if (actions.length === 0) return undefined;
  return markup`<h4>${actions.length === 1 ? "Step" : "Steps"}</h4><ol class="steps">${actions.map((action) => stepView(action, shown))}</ol>`;
}

function stepView(action: Action, shown: Shown): Markup {
  const result = shown.review.applied?.results.get(action.id);
  const path = shown.onPath.has(action.id) ? markup` <span class="tag path">critical path</span>` : undefined;
  const left = result?.left === true ? markup` <span class="note">left where it is</span>` : undefined;
  const end = result && [" ", endView(result.status), left, result.problem && problemView(result.problem)];
  return markup`<li><span class="step" data-step="${oneLine(action.id)}">${stepText(action)}</span> <span class="time">${aboutText(action.expectedMs)}</span>${path}${waitsView(action, shown)}${end}</li>`;
}

/** How many of the actions that another waits for are named. */
const NAMED = 3;

/** What a step waits for in other changes. */
function waitsView(action: Action, { changeOf }: Shown): Part {
  const own = changeOf.get(action.id);
  const others = waitsFor(action).filter((id) => changeOf.has(id) && changeOf.get(id) !== own);
  if (others.length === 0) return undefined;
  const named = others
    .slice(0, NAMED)
    .map((id) => markup` <a href="#${changeOf.get(id) ?? ""}"><code>${oneLine(id)}</code></a>`);
  return markup` <span class="note">after${named}${others.length > NAMED ? ` and ${others.length - NAMED} more` : ""}</span>`;
}

/** What an action does, in words. */
export function stepText(action: Action): string {
  if (action.kind === "rename")
    return oneLine(`rename to ${JSON.stringify(action.to)}${action.temporary ? " for the time being" : ""}`);
  if (action.kind === "set-default") return "set as default";
  if (action.kind === "remove" && action.subject === "setting") return "put back";
  if (action.kind === "delete" && action.deposed) return "delete the one it replaces";
  return action.kind;
}

/** An expected time. */
export function aboutText(ms: number): string {
  return ms < 1000 ? "under 1s" : `about ${durationText(ms)}`;
}
