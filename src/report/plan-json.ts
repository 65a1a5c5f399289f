import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { Change, Drift, OutputChange, Plan } from "../model/plan.ts";
import type { PolicyReport } from "../model/policy.ts";
import { attributeJson, sidesJson } from "./attribute-json.ts";
import { diagnosticJson } from "./diagnostics.ts";
import { changesAnything } from "./plan-summary.ts";
import { policyJson } from "./policy-json.ts";

/** What stands around a plan and isn't part of it. */
export interface PlanSurroundings {
  /** `sha256:…`, what `--expect` takes. */
  readonly digest: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly notices: readonly string[];
  readonly policy: PolicyReport;
}

/**
 * The plan as one JSON object, format 1.0: stable keys, added to but never changed within 1.x. Unknown values stand as
 * `null` with their name in `after_unknown`; a sensitive output's values are left out.
 */
export function planJson(plan: Plan, { digest, diagnostics, notices, policy }: PlanSurroundings): JsonObject {
  const byId = new Map<string, Action>(plan.actions.map((action) => [action.id, action]));
  return {
    format_version: "1.0",
    mode: plan.mode,
    stack: plan.stack,
    ...(plan.env === undefined ? {} : { env: plan.env }),
    digest,
    serial: plan.serial,
    lineage: plan.lineage,
    has_changes: changesAnything(plan),
    summary: { ...plan.summary },
    resource_changes: plan.changes.map((change) => changeJson(change, byId)),
    resource_drift: plan.drift.map(driftJson),
    output_changes: Object.fromEntries(plan.outputChanges.map((each) => [each.name, outputJson(each)])),
    actions: plan.actions.map(actionJson),
    policy: policyJson(policy),
    notices: [...notices],
    diagnostics: diagnostics.map((each) => diagnosticJson(each)),
  };
}

function changeJson(change: Change, byId: ReadonlyMap<string, Action>): JsonObject {
  const { address, type, action, name, reason, previousAddress } = change;
  return {
    address,
    type,
    name,
    action,
    ...(reason === undefined ? {} : { reason }),
    ...(previousAddress === undefined ? {} : { previous_address: previousAddress }),
    create_before_destroy: change.createBeforeDestroy,
    recovered: change.recovered,
    attributes: change.attributes.map(attributeJson),
    unchanged: change.unchanged,
    steps: change.actions.flatMap((id) => byId.get(id)?.kind ?? []),
    notes: [...change.notes],
  };
}

function driftJson(drift: Drift): JsonObject {
  const { address, name, kind, folded } = drift;
  return { address, name, kind, folded, attributes: drift.attributes.map(attributeJson) };
}

function outputJson(change: OutputChange): JsonObject {
  return change.sensitive ? { sensitive: true } : { sensitive: false, ...sidesJson(change) };
}

function actionJson(action: Action): JsonObject {
  const { id, kind, address, after, afterEnd, expectedMs } = action;
  return {
    id,
    kind,
    address,
    after: [...after],
    ...(afterEnd && { after_end: [...afterEnd] }),
    expected_ms: expectedMs,
  };
}
