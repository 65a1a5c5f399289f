import type { Plan } from "../../src/model/plan.ts";
import { parsePlan, planOf } from "../../src/plan/plan-file.ts";

/** A plan's text, as it stands in a plan file. The same plan gives the same bytes. */
export function encodePlan(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** Reads such a text. */
export function decodePlan(text: string, where: string): Plan {
  return planOf(parsePlan(text, where), where);
}
