import type { Json } from "../model/json.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";

/**
 * The digest by which an approval is bound to a plan: of its canonical form without durations, and without where in a file
 * something is written.
 */
export function planDigest(plan: Plan, digest: Digest): string {
  const { lineage, diagnostics, actions, settled, ...planned } = withoutSecrets(plan);
  // What is done is the same whatever policies say of it.
  const own = diagnostics.filter((each) => each.code !== "ORB_POLICY_FAILED");
  const steps = actions.map(({ expectedMs: _expected, ...action }) => action);
  const ends = Object.entries(settled).map(([address, resource]) => [address, withoutPlace(resource)]);
  const done = { diagnostics: own.map(withoutPlace), actions: steps, settled: Object.fromEntries(ends) };
  // Before the first apply every plan draws a lineage of its own; what was approved is the same all the same.
  return digest(canonical({ ...planned, ...done, ...(plan.serial > 0 && { lineage }) }));
}

/** A plan without what sensitive outputs are: state never has them either, so nothing needs it. */
export function withoutSecrets(plan: Plan): Plan {
  const changes = plan.outputChanges.map(({ name, sensitive, ...sides }) =>
    sensitive ? { name, sensitive } : { name, sensitive, ...sides },
  );
  return { ...plan, outputs: shownOutputs(plan.outputs), outputChanges: changes };
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
  const resources = desired.resources.map((each) => withoutPlace(withoutContent(each)));
  return digest(canonical({ ...desired, resources, outputs: shownOutputs(desired.outputs) }));
}

function withoutContent(resource: DesiredResource): DesiredResource {
  if (!isDesiredInside(resource) || !resource.sensitive) return resource;
  const { content: _content, digest: _digest, ...properties } = resource.properties;
  return { ...resource, properties };
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
