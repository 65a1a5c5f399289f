/** What keeps a plan that was kept from being applied. None of them has touched a machine. */
import { OrbformError } from "../model/errors.ts";
import type { World } from "../model/snapshot.ts";
import type { Difference } from "./stale.ts";

/** What a kept plan rests on is not as it was: names every difference. */
export function staleFile(differences: readonly Difference[]): OrbformError {
  const lines = differences.map(({ subject, what }) => `  - ${subject} ${what}`);
  return new OrbformError("ORB_PLAN_STALE", {
    summary: "The plan is stale",
    detail: `What this plan rests on has changed since it was made:\n${lines.join("\n")}\nNo machine was touched.`,
    hint: "Make a new plan, and have it reviewed again: orb plan --out FILE",
  });
}

/** The same of a plan that was applied already, by the run that wrote this serial. */
export function staleOnceApplied({ code, detail, hint, cause }: OrbformError, serial: number): OrbformError {
  return new OrbformError(code, {
    summary: "The plan was applied already",
    detail: `A run of this very plan wrote serial ${serial} of the state, and what it did counts as a change. ${detail}`,
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
    hint: "Apply it where it was made, or make a new plan here: orb plan --out FILE",
  });
}
