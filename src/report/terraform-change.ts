import { isRestart } from "./interruptions.ts";
import { printable } from "../model/printable.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Change } from "../model/plan.ts";
import { adoptedId, filled, type DriftOutcome, type Outcome } from "./terraform-scene.ts";
import type { Side } from "./terraform-sides.ts";
import { actionList, PROVIDER, type ActionList } from "./terraform-actions.ts";
import { ACTION_REASONS, terraformName } from "./terraform-words.ts";
import type { Address } from "../model/address.ts";

/** One entry of `resource_changes`, its keys in Terraform's order. What Terraform has no words for is in `change.orbform`. */
export function resourceChange(outcome: Outcome): JsonObject {
  const { address, change } = outcome;
  const actions = change === undefined ? (["no-op"] as const) : actionList(change);
  const reason = change?.reason === undefined ? undefined : ACTION_REASONS[change.reason];
  return {
    ...identity(address, change?.previousAddress),
    ...deposed(outcome),
    change: {
      ...sides(actions, outcome.before, outcome.after),
      ...filled("replace_paths", replacePaths(change)),
      ...importing(outcome),
      orbform: ours(outcome),
    },
    ...(reason !== undefined && { action_reason: reason }),
  };
}

/** One entry of `resource_drift`: what is there now stands as `after`. */
export function resourceDrift({ drift, before, after }: DriftOutcome): JsonObject {
  return {
    ...identity(drift.address),
    change: {
      ...sides(after === null ? ["delete"] : ["update"], before, after),
      orbform: { address: drift.address, kind: drift.kind, folded: drift.folded },
    },
  };
}

/** What a resource is called, in every list that names one. */
export function identity(ours: Address, former?: Address): JsonObject {
  const { address, module, type, name } = terraformName(ours);
  return {
    address,
    ...(former !== undefined && { previous_address: terraformName(former).address }),
    ...(module !== "" && { module_address: module }),
    mode: "managed",
    type,
    name,
    provider_name: PROVIDER,
  };
}

function sides(actions: ActionList, before: Side | null, after: Side | null): JsonObject {
  return {
    actions: [...actions],
    before: before?.values ?? null,
    after: after?.values ?? null,
    after_unknown: after?.unknown ?? {},
    before_sensitive: before?.sensitive ?? false,
    after_sensitive: after?.sensitive ?? false,
  };
}

function replacePaths(change: Change | undefined): readonly Json[] {
  const forcing = change?.action === "replace" ? change.attributes.filter((each) => each.forcesReplacement) : [];
  return forcing.map(({ path }) => [path]);
}

function importing({ change, actions }: Outcome): JsonObject {
  if (change?.action !== "adopt") return {};
  return { importing: { id: adoptedId(actions) ?? change.name } };
}

/** Terraform's mark of an object that another has taken the place of. */
function deposed({ change, actions }: Outcome): JsonObject {
  if (change?.reason !== "delete: deposed") return {};
  const going = actions.find((each) => each.kind === "delete" && each.deposed);
  return going?.kind === "delete" ? { deposed: going.target.id ?? going.name } : {};
}

function ours({ address, change, actions }: Outcome): JsonObject {
  if (change === undefined) return { address, action: "no-op", ops: [], restarts: false };
  const { action, reason, notes, recovered, unchanged, attributes } = change;
  const remarks = attributes.flatMap(({ path, note }) => (note === undefined ? [] : [`${path}: ${note}`]));
  return {
    address,
    action,
    ops: actions.map(({ kind }) => kind),
    ...filled(
      "changed",
      attributes.map(({ path }) => path),
    ),
    ...(reason !== undefined && { reason }),
    ...filled("notes", [...notes, ...remarks].map(printable)),
    restarts: isRestart(
      change,
      actions.map(({ kind }) => kind),
    ),
    ...(recovered && { recovered }),
    unchanged,
  };
}
