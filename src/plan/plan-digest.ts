import type { Json } from "../model/json.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";

/**
 * The digest by which an approval is bound to a plan: of its canonical form without durations, and without where in a file
 * something is written.
 */
export function planDigest(plan: Plan, digest: Digest): string {
  const { lineage, diagnostics, actions, settled, ...planned } = plan;
  // What is done is the same whatever policies say of it.
  const own = diagnostics.filter((each) => each.code !== "ORB_POLICY_FAILED");
  const steps = actions.map(({ expectedMs: _expected, ...action }) => action);
  const ends = Object.entries(settled).map(([address, resource]) => [address, withoutPlace(resource)]);
  const done = { diagnostics: own.map(withoutPlace), actions: steps, settled: Object.fromEntries(ends) };
  // Before the first apply every plan draws a lineage of its own; what was approved is the same all the same.
  return digest(canonical({ ...planned, ...done, ...(plan.serial > 0 && { lineage }) }));
}

/** The digest of what a stack declares, wherever in its file it says so. */
export function stackDigest(desired: DesiredState, digest: Digest): string {
  return digest(canonical({ ...desired, resources: desired.resources.map(withoutPlace) }));
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
