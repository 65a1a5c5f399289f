import { isInsideAction, type Action, type InsideAction } from "../model/action.ts";
import type { Json } from "../model/json.ts";
import type { Digest } from "../model/machine-inputs.ts";
import { isUnknown, type OutputChange, type Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";

/**
 * The digest by which an approval is bound to a plan: of its canonical form without durations, without where in a file
 * something is written, and without where this computer has what is known by a digest of its own. So a plan of another clone
 * of the same project has the same one.
 */
export function planDigest(plan: Plan, digest: Digest): string {
  const { lineage, diagnostics, actions, settled, ...planned } = withoutSecrets(plan);
  // What is done is the same whatever policies say of it.
  const own = diagnostics.filter((each) => each.code !== "ORB_POLICY_FAILED");
  const steps = actions.map(actionWithoutFile).map(({ expectedMs: _expected, ...action }) => action);
  const ends = Object.entries(settled).map(([address, resource]) => [address, withoutPlace(withoutFile(resource))]);
  const done = { diagnostics: own.map(withoutPlace), actions: steps, settled: Object.fromEntries(ends) };
  // Before the first apply every plan draws a lineage of its own; what was approved is the same all the same.
  return digest(canonical({ ...planned, ...done, ...(plan.serial > 0 && { lineage }) }));
}

/** A plan without what sensitive outputs are: state never has them either, so nothing needs it. */
export function withoutSecrets(plan: Plan): Plan {
  const changes = plan.outputChanges.map(({ name, sensitive, ...sides }) =>
    sensitive ? { name, sensitive, ...concealed(sides) } : { name, sensitive, ...sides },
  );
  return { ...plan, outputs: shownOutputs(plan.outputs), outputChanges: changes };
}

/** Which sides there are, and whether one is not known yet: nothing of what they are. */
function concealed(sides: Pick<OutputChange, "before" | "after">): Pick<OutputChange, "before" | "after"> {
  return {
    ...(sides.before !== undefined && { before: null }),
    ...(sides.after !== undefined && { after: isUnknown(sides.after) ? sides.after : null }),
  };
}

function shownOutputs(outputs: Plan["outputs"]): Plan["outputs"] {
  const shown = Object.entries(outputs).map(([name, output]) =>
    output.sensitive ? ([name, { value: null, sensitive: true }] as const) : ([name, output] as const),
  );
  return Object.fromEntries(shown);
}

/**
 * The digest of what a stack declares, wherever in its file it says so. Nothing sensitive is in it: whoever has the digest and
 * the stack could guess it. What a file is to hold is compared by a digest of its own.
 */
export function stackDigest(desired: DesiredState, digest: Digest): string {
  const resources = desired.resources.map((each) => withoutPlace(withoutContent(withoutFile(each))));
  return digest(canonical({ ...desired, resources, outputs: shownOutputs(desired.outputs) }));
}

function withoutContent(resource: DesiredResource): DesiredResource {
  if (!isDesiredInside(resource) || !resource.sensitive) return resource;
  const { content: _content, digest: _digest, ...properties } = resource.properties;
  return { ...resource, properties };
}

/** An archive that is restored, and a source that is no text, without their path: their digest says which they are. */
function withoutFile(resource: DesiredResource): DesiredResource {
  if (isDesiredInside(resource)) return { ...resource, properties: withoutSource(resource.properties) };
  if (resource.type !== "machine" || resource.origin.kind !== "restore") return resource;
  return { ...resource, origin: { ...resource.origin, path: "" } };
}

function actionWithoutFile(action: Action): Action {
  if (action.kind === "restore") return { ...action, path: "" };
  return isInsideAction(action) ? { ...action, properties: withoutSource(action.properties) } : action;
}

function withoutSource({ source, ...properties }: InsideAction["properties"]): InsideAction["properties"] {
  return source === undefined || "digest" in properties ? properties : { ...properties, source };
}

function withoutPlace<T extends { readonly place?: unknown }>({ place: _place, ...rest }: T): Omit<T, "place"> {
  return rest;
}

/** A plan with its digest, made when first asked for: who only looks at a plan needs none. */
export function withDigest<P extends { readonly plan: Plan }>(
  made: P,
  digest: Digest,
): P & { readonly digest: string } {
  let known: string | undefined;
  return {
    ...made,
    get digest() {
      return (known ??= planDigest(made.plan, digest));
    },
  };
}

/** Plain data as JSON. */
export function canonical(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") {
    return value;
  }
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object") return null;
  const fields: { [key: string]: Json } = {};
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) fields[key] = canonical(field);
  }
  return fields;
}
