import type { Json, JsonObject } from "../model/json.ts";
import { isUnknown, type OutputChange, type Plan } from "../model/plan.ts";
import type { OutputState, Snapshot } from "../model/snapshot.ts";
import { valueType } from "./outputs-text.ts";

/** `output_changes`: every output, those that stay as they are too. Of a sensitive one neither side is shown. */
export function outputChanges(plan: Plan, prior: Snapshot): JsonObject {
  const changed = new Map(plan.outputChanges.map((each) => [each.name, outputChange(each)]));
  for (const [name, { value, sensitive }] of Object.entries(prior.outputs)) {
    if (!changed.has(name)) changed.set(name, shown(["no-op"], { before: value, after: value, sensitive }));
  }
  return Object.fromEntries([...changed].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function outputChange({ before, after, sensitive }: OutputChange): JsonObject {
  const ends = after === undefined ? "delete" : "update";
  const action = before === undefined ? "create" : ends;
  return shown([action], { before: before ?? null, after: isUnknown(after) ? undefined : (after ?? null), sensitive });
}

interface Shown {
  readonly before: Json;
  /** `undefined`: it is not known. */
  readonly after: Json | undefined;
  readonly sensitive: boolean;
}

function shown(actions: readonly string[], { before, after, sensitive }: Shown): JsonObject {
  const known = after === undefined ? {} : { after: sensitive ? null : after };
  return {
    actions,
    before: sensitive ? null : before,
    ...known,
    after_unknown: after === undefined,
    before_sensitive: sensitive,
    after_sensitive: sensitive,
  };
}

/** The outputs of planned values: those that are not known yet without a value. */
export function plannedOutputs(plan: Plan, prior: Snapshot): JsonObject {
  const changes = new Map(plan.outputChanges.map((each) => [each.name, each]));
  const stay = Object.entries({ ...prior.outputs, ...plan.outputs }).flatMap(([name, { sensitive }]) => {
    const change = changes.get(name);
    if (change !== undefined && change.after === undefined) return [];
    const after = change === undefined ? prior.outputs[name]?.value : change.after;
    const known = isUnknown(after) || sensitive ? undefined : after;
    return [[name, { sensitive, ...(known !== undefined && { type: valueType(known), value: known }) }] as const];
  });
  return Object.fromEntries(stay);
}

/** The outputs of a state. */
export function stateOutputs(outputs: { readonly [name: string]: OutputState }): JsonObject {
  const shownOnes = Object.entries(outputs).map(([name, { value, sensitive }]): [string, JsonObject] => [
    name,
    sensitive ? { sensitive } : { sensitive, value, type: valueType(value) },
  ]);
  return Object.fromEntries(shownOnes);
}
