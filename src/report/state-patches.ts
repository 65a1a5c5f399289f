import type { Json, JsonObject } from "../model/json.ts";
import { sameJson } from "../model/same-json.ts";
import type { Review } from "./review.ts";
import { setScene, type Worlds } from "./terraform-scene.ts";

/** One operation of RFC 6902. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

/** How one resource becomes what it will be, as far as that is known. */
export interface StatePatch {
  readonly address: string;
  readonly operations: readonly PatchOperation[];
  /** Properties whose values are known after apply only: no operation speaks of them. */
  readonly unknown: readonly string[];
}

/** For each change of a plan that changes anything: the operations from `before` to `after` of its plan JSON. */
export function statePatches(review: Review, worlds: Worlds): readonly StatePatch[] {
  return setScene(review, worlds).outcomes.flatMap(({ address, change, before, after }) => {
    if (change === undefined) return [];
    const unknown = Object.keys(after?.unknown ?? {});
    const operations = patchBetween(before?.values ?? null, after?.values ?? null, unknown);
    return operations.length + unknown.length === 0 ? [] : [{ address, operations, unknown }];
  });
}

/** The operations from one value to another. What is `unknown` at the top of the second is left as it is. */
function patchBetween(
  before: JsonObject | null,
  after: JsonObject | null,
  unknown: readonly string[] = [],
): readonly PatchOperation[] {
  if (before === null || after === null)
    return sameJson(before, after) ? [] : [{ op: "replace", path: "", value: after }];
  const kept = Object.entries(before).filter(([key]) => unknown.includes(key));
  return between(before, { ...Object.fromEntries(kept), ...after }, "");
}

function between(before: JsonObject, after: JsonObject, above: string): readonly PatchOperation[] {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const operations: PatchOperation[] = gone.map((key) => ({ op: "remove", path: pointer(above, key) }));
  for (const [key, value] of Object.entries(after)) {
    const path = pointer(above, key);
    const former = Object.hasOwn(before, key) ? before[key] : undefined;
    if (former === undefined) operations.push({ op: "add", path, value });
    else if (isObject(former) && isObject(value)) operations.push(...between(former, value, path));
    else if (!sameJson(former, value)) operations.push({ op: "replace", path, value });
  }
  return operations;
}

/** RFC 6901. */
function pointer(above: string, key: string): string {
  return `${above}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
