import { UNKNOWN, type OutputChange, type Plan } from "../model/plan.ts";
import type { DesiredOutput } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { OutputState } from "../model/snapshot.ts";
import { refsIn, resolveValue } from "../model/value.ts";
import { byCodeUnit } from "../graph/dag.ts";
import type { Desk } from "./desk.ts";

/** The outputs that apply is to resolve: those that refer to nothing the plan leaves out. */
export function plannedOutputs({ scene, outlooks }: Desk): Plan["outputs"] {
  const { desired, options } = scene.input;
  if (options.mode === "destroy") return {};
  const known = Object.entries(desired.outputs).filter(([, { value }]) =>
    refsIn(value).every(({ address }) => !isMachine(scene.desired.get(address)?.type) || outlooks.has(address)),
  );
  return Object.fromEntries(known.toSorted(([left], [right]) => byCodeUnit(left, right)));
}

/** What becomes of the outputs, sorted by name. A sensitive value is never stored, so it is not compared. */
export function outputChanges(desk: Desk, planned: Plan["outputs"]): readonly OutputChange[] {
  const { prior, desired, options } = desk.scene.input;
  const changes: OutputChange[] = [];
  for (const [name, output] of Object.entries(planned)) {
    const change = changeOf(desk, prior.outputs[name], output);
    if (change !== undefined) changes.push({ name, ...change });
  }
  for (const [name, { value, sensitive }] of Object.entries(prior.outputs)) {
    const stays = options.mode !== "destroy" && Object.hasOwn(desired.outputs, name);
    if (!stays) changes.push({ name, before: value, sensitive });
  }
  return changes.toSorted((left, right) => byCodeUnit(left.name, right.name));
}

function isMachine(type: string | undefined): boolean {
  return type === "machine";
}

function changeOf(
  { values }: Desk,
  before: OutputState | undefined,
  output: DesiredOutput,
): Omit<OutputChange, "name"> | undefined {
  const sensitive = output.sensitive || (before?.sensitive ?? false);
  const after = resolveValue(output.value, values.lookup);
  if (before === undefined) return { after: after ?? UNKNOWN, sensitive };
  const unseen = after === undefined && !values.isChanging(output.value);
  if (before.sensitive === output.sensitive && (output.sensitive || unseen || sameJson(after, before.value))) {
    return undefined;
  }
  return { before: before.value, after: after ?? UNKNOWN, sensitive };
}
