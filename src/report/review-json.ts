import type { JsonObject } from "../model/json.ts";
import { orbformJson } from "./orbform-json.ts";
import type { Review } from "./review.ts";
import { statePatches } from "./state-patches.ts";
import { terraformPlan } from "./terraform-json.ts";
import type { Worlds } from "./terraform-scene.ts";

/**
 * A plan, and how it was carried out, as one JSON object: Terraform's representation, and under `orbform` what that has no
 * place for. `timestamp`: ISO 8601.
 */
export function reviewJson(review: Review, worlds: Worlds, stamp: { readonly timestamp: string }): JsonObject {
  const patches = statePatches(review, worlds).map(({ address, operations, unknown }) => {
    return { address, operations: operations.map((each) => ({ ...each })), unknown: [...unknown] };
  });
  return { ...terraformPlan(review, worlds, stamp), orbform: { ...orbformJson(review), patches } };
}
