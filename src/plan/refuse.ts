/** What keeps a plan from being applied. Each throws; none of them has touched a machine. */
import type { Diagnostic } from "../model/diagnostic.ts";
import { OrbformError } from "../model/errors.ts";
import type { Plan } from "../model/plan.ts";
import type { World } from "../model/snapshot.ts";
import { sameJson } from "../model/same-json.ts";

/** A plan with errors is not applied: throws the first; the others are shown beside it. */
export function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  const first = diagnostics.find((each) => each.severity === "error");
  if (first !== undefined) throw new OrbformError(first.code, first);
}

/** All of two or more recorded machines are gone: that is more often another OrbStack than a real loss. */
export function refuseAllGone(plan: Plan, request: { readonly recreateAll: boolean; readonly canAsk: boolean }): void {
  if (!plan.allGone || request.recreateAll || request.canAsk) return;
  throw new OrbformError("ORB_ALL_GONE", {
    summary: "Every recorded machine is gone",
    detail:
      "None of the machines in state exists any more. That can be a reset of OrbStack, or another OrbStack than the one " +
      "this state speaks of. `--yes` alone does not answer it. No machine was touched.",
    hint: "If they are really to be made again: `orb apply --yes --recreate-all`.",
  });
}

/** A state speaks of one OrbStack; applied to another it would make everything twice. */
export function refuseOtherWorld(recorded: World, present: World): void {
  if (recorded.driver === present.driver && recorded.host === present.host) return;
  throw new OrbformError("ORB_OTHER_WORLD", {
    summary: "The state is of another OrbStack",
    detail:
      `The state speaks of machines on ${recorded.driver} ${recorded.host}; this is ${present.driver} ${present.host}. ` +
      "Nothing was read from or done to any machine.",
    hint: "Work where the state was made, or move it here knowingly with `orb state rehost`.",
  });
}

/** What was approved is not what would be done now. Names each address that differs. */
export function staleBetween(approved: Plan, present: Plan): OrbformError {
  const before = new Map(approved.changes.map((change) => [change.address, change]));
  const after = new Map(present.changes.map((change) => [change.address, change]));
  const addresses = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const differing = addresses.filter((each) => !sameJson(before.get(each), after.get(each)));
  const named = differing.length > 0 ? ` What differs: ${differing.join(", ")}.` : "";
  return new OrbformError("ORB_PLAN_STALE", {
    summary: "The plan is stale",
    detail: `Something changed between the plan and its approval.${named} No machine was touched.`,
    hint: "Run `orb apply` again and look at the new plan.",
  });
}

/** Nobody waits for machines in transition any more. */
export function interrupted(cause: unknown): OrbformError {
  return new OrbformError("ORB_INTERRUPTED", {
    summary: "Interrupted while planning",
    detail: "Machines that were in transition were waited for. No machine was touched.",
    hint: "Run the command again.",
    cause,
  });
}

/** A person saw the plan and did not want it. */
export function notApproved({ mode }: Plan): OrbformError {
  const [summary, command] =
    mode === "destroy" ? ["Destroy was not approved", "orb destroy"] : ["Apply was not approved", "orb apply"];
  return new OrbformError("ORB_NOT_APPROVED", {
    summary,
    detail: "The answer was not `yes`. No machine was touched.",
    hint: `Run \`${command}\` again and answer \`yes\`, or change the stack first.`,
  });
}
