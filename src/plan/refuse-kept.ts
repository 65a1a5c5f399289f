/** What keeps a plan that was kept from being applied. None of them has touched a machine. */
import { OrbformError } from "../model/errors.ts";
import type { World } from "../model/snapshot.ts";
import type { PlanOptions } from "./plan-input.ts";
import type { Difference } from "./stale.ts";

/** What a kept plan rests on is not as it was: names every difference. `request` is what was asked of it. */
export function staleFile(differences: readonly Difference[], request: PlanOptions): OrbformError {
  const lines = differences.map(({ subject, what }) => `  - ${subject} ${what}`);
  return new OrbformError("ORB_PLAN_STALE", {
    summary: "The plan is stale",
    detail: `What this plan rests on has changed since it was made:\n${lines.join("\n")}\nNo machine was touched.`,
    hint: `Make a new plan, and have it reviewed again: ${["orb plan --out plan.json", ...wordsOf(request)].join(" ")}`,
  });
}

const MODES = { normal: [], destroy: ["--destroy"], "refresh-only": ["--refresh-only"] } as const;

/** What was asked of a plan, as it was typed: another plan would do something else. */
function wordsOf({ mode, targets, excludes, replace, adopt }: PlanOptions): readonly string[] {
  return [
    ...MODES[mode],
    ...targets.map((each) => `--target ${each}`),
    ...excludes.map((each) => `--exclude ${each}`),
    ...replace.map((each) => `--replace ${each}`),
    ...adopt.map((each) => `--adopt ${typeof each === "string" ? each : each.address}`),
  ];
}

/** How far a plan was applied, as the state's folder has it. */
export interface AppliedBefore {
  /** What a run of it wrote. */
  readonly serial: number;
  /** It did not get to its end. */
  readonly isPart: boolean;
}

/** The same of a plan that was applied already, or begun. */
export function staleOnceApplied(
  { code, detail, hint, cause }: OrbformError,
  { serial, isPart }: AppliedBefore,
): OrbformError {
  const before = isPart
    ? `A run of this very plan wrote serial ${serial} of the state and did not get to its end: a part of it was done.`
    : `A run of this very plan wrote serial ${serial} of the state, and what it did counts as a change.`;
  return new OrbformError(code, {
    summary: isPart ? "The plan was begun, and is stale" : "The plan was applied before",
    detail: `${before} ${detail}`,
    hint: hint ?? "",
    cause,
  });
}

/** Where a plan was made for is not here. */
export function refuseOtherPlace(planned: World, present: World): void {
  if (planned.driver === present.driver && planned.host === present.host) return;
  throw new OrbformError("ORB_OTHER_WORLD", {
    summary: "The plan is of another OrbStack",
    detail:
      `The plan was made for machines on ${planned.driver} ${planned.host}; this is ${present.driver} ${present.host}. ` +
      "Nothing was read from or done to any machine.",
    hint: "Apply it where it was made, or make a new plan here: orb plan --out plan.json",
  });
}
