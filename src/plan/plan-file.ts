/** Plans as text, and back. */
import { waitsFor } from "../model/action.ts";
import { InvariantError, OrbformError } from "../model/errors.ts";
import { findHostile } from "../model/hostile.ts";
import type { Plan } from "../model/plan.ts";
import { sortTopologically } from "../graph/dag.ts";
import { planShape } from "./plan-shape.ts";
import { isObject, type Trouble } from "./shape.ts";

/** The newest format of plans that this version writes and reads. */
const PLAN_FORMAT = 1;

/**
 * A plan's text: JSON with everything that is needed to show it and to carry it out, two-space indent, a line feed at the
 * end. The same plan gives the same bytes.
 */
export function encodePlan(plan: Plan): string {
  const trouble = findHostile(plan);
  if (trouble !== undefined) throw new InvariantError(`a plan cannot be written: ${trouble.why} at ${trouble.path}`);
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/**
 * Reads a plan's text; `where` is the file's path, for messages. Strict: what this version does not know is refused, not
 * left out, since a plan is carried out as it stands. Errors: `ORB_PLAN_UNREADABLE`, `ORB_PLAN_NEWER`.
 */
export function decodePlan(text: string, where: string): Plan {
  return planOf(parsePlan(text, where), where);
}

/** The plan that a document is, as {@link decodePlan} reads it. */
export function planOf(document: unknown, where: string): Plan {
  if (!isObject(document) || typeof document["format"] !== "number") throw noPlan(where);
  const { format } = document;
  if (Number.isSafeInteger(format) && format > PLAN_FORMAT) throw newer(where, format);
  const trouble = findHostile(document);
  if (trouble !== undefined) throw unreadable(where, trouble);
  const checked: { readonly plan?: Plan; readonly trouble?: Trouble } = check(document);
  if (checked.plan === undefined) throw unreadable(where, checked.trouble ?? { path: "", why: "it is no plan" });
  return checked.plan;
}

function check(document: unknown): { readonly plan?: Plan; readonly trouble?: Trouble } {
  const wrong = planShape()(document, undefined);
  if (wrong !== undefined || !isShaped(document)) return { trouble: wrong ?? { path: "", why: "it is no plan" } };
  const incoherent = incoherence(document);
  return incoherent === undefined ? { plan: document } : { trouble: incoherent };
}

function isShaped(document: unknown): document is Plan {
  return isObject(document);
}

/** What the shape can't tell: actions that are there twice or wait for nobody or for each other, addresses mixed up. */
function incoherence({ actions, changes, settled }: Plan): Trouble | undefined {
  const ids = new Set<string>(actions.map(({ id }) => id));
  if (ids.size < actions.length) return { path: "actions", why: "two actions with one id" };
  for (const [index, { after, id, address }] of actions.entries()) {
    const path = `actions[${index}]`;
    if (!after.every((each) => ids.has(each)))
      return { path: `${path}.after`, why: "it names an action that is not there" };
    if (!id.startsWith(`${address}:`)) return { path: `${path}.id`, why: "it belongs to another address" };
  }
  const { stuck } = sortTopologically(new Map(actions.map((each) => [each.id, waitsFor(each)])));
  if (stuck.length > 0) return { path: "actions", why: "actions that wait for each other" };
  for (const [index, change] of changes.entries()) {
    if (change.actions.every((each) => ids.has(each))) continue;
    return { path: `changes[${index}].actions`, why: "it names an action that is not there" };
  }
  const [moved] = Object.entries(settled).find(([key, { address }]) => key !== address) ?? [];
  return moved === undefined ? undefined : { path: `settled[${JSON.stringify(moved)}].address`, why: "it is another" };
}

/** What a text says. Error: `ORB_PLAN_UNREADABLE`. */
export function parsePlan(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the document, which may hold what is nobody's business.
    const why = text.trim() === "" ? "the file is empty" : "it is not JSON, or it ends in the middle";
    throw unreadable(where, { path: "", why });
  }
}

/** A plan file that can't be trusted. */
export function unreadable(where: string, { path, why }: Trouble): OrbformError {
  return new OrbformError("ORB_PLAN_UNREADABLE", {
    summary: "The plan file is damaged",
    detail:
      `${where}: ${why}${path === "" ? "" : ` at ${path}`}. What it would do can't be told for certain, so nothing was ` +
      "done. No machine was touched.",
    hint: "Make a new plan: `orb plan`.",
  });
}

/** It is something else. */
export function noPlan(where: string): OrbformError {
  return new OrbformError("ORB_PLAN_UNREADABLE", {
    summary: "This is no plan file",
    detail: `${where} is JSON, but not a plan of Orbform. No machine was touched.`,
    hint: "Name the file of a plan, or make a new one: `orb plan`.",
  });
}

/** A later version wrote it. */
export function newer(where: string, format: number): OrbformError {
  return new OrbformError("ORB_PLAN_NEWER", {
    summary: "The plan is of a newer Orbform",
    detail: `${where} has format ${format}; this version reads format ${PLAN_FORMAT}. No machine was touched.`,
    hint: "Use the newer version: `npm install orbform@latest`, or make a new plan: `orb plan`.",
  });
}
