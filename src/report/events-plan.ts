/** The lines of `--json` that tell what is planned. */
import type { Json, JsonObject } from "../model/json.ts";
import type { Change, Drift, OutputChange, Plan } from "../model/plan.ts";
import type { EventLine } from "./events-json.ts";
import { attributeJson } from "./attribute-json.ts";
import { unfoldedDrift } from "./plan-summary.ts";
import { EVENT_REASONS, eventResource } from "./terraform-words.ts";

/** Drift, planned changes and output changes of a plan; its summary is a line of its own. */
export function planLines(plan: Plan): readonly EventLine[] {
  const outputs = plan.outputChanges.length === 0 ? [] : [outputChangesLine(plan.outputChanges)];
  const changes = plan.changes.map((change) => plannedLine(change, plan));
  return [...unfoldedDrift(plan).map(driftLine), ...changes, ...outputs];
}

function driftLine({ address, kind, attributes }: Drift): EventLine {
  const action = kind === "changed" ? "update" : "delete";
  const change = { resource: eventResource(address), action, ...diff({ attributes }) };
  return info("resource_drift", `${address}: Drift detected (${action})`, { change });
}

/** Terraform's word for what is planned. A move or an import is the word only where nothing else is done. */
function plannedWord({ action, previousAddress, attributes }: Change): string {
  switch (action) {
    case "no-op":
      return previousAddress === undefined ? "noop" : "move";
    case "adopt":
      return attributes.length === 0 ? "import" : "update";
    case "forget":
      return "remove";
    case "create":
    case "delete":
    case "replace":
    case "update":
    default:
      return action;
  }
}

function plannedLine(change: Change, plan: Plan): EventLine {
  const action = plannedWord(change);
  const { address, previousAddress, reason, recovered } = change;
  const word = reason === undefined ? undefined : EVENT_REASONS[reason];
  const body = {
    resource: eventResource(address),
    ...(previousAddress !== undefined && { previous_resource: eventResource(previousAddress) }),
    action,
    ...(word !== undefined && { reason: word }),
    ...importing(change, plan),
    ...diff(change),
    ...(recovered && { orbform: { recovered } }),
  };
  return info("planned_change", `${address}: Plan to ${action}`, { change: body });
}

function importing({ action, actions, name }: Change, plan: Plan): JsonObject {
  if (action !== "adopt") return {};
  const taking = plan.actions.find((each) => each.kind === "adopt" && actions.includes(each.id));
  return { importing: { id: (taking?.kind === "adopt" ? taking.target.id : null) ?? name } };
}

/** What differs, property by property: a key of our own. */
function diff({ attributes }: Pick<Change, "attributes">): { readonly diff?: readonly Json[] } {
  return attributes.length === 0 ? {} : { diff: attributes.map(attributeJson) };
}

function outputChangesLine(changes: readonly OutputChange[]): EventLine {
  const entries = changes.map(({ name, before, after, sensitive }): [string, JsonObject] => {
    const ends = after === undefined ? "delete" : "update";
    return [name, { sensitive, action: before === undefined ? "create" : ends }];
  });
  return info("outputs", `Outputs: ${changes.length}`, { outputs: Object.fromEntries(entries) });
}

function info(type: string, message: string, body: JsonObject): EventLine {
  return { level: "info", message, type, body };
}
