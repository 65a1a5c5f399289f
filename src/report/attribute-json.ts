import type { Json, JsonObject } from "../model/json.ts";
import { isUnknown, type AttributeChange, type Unknown } from "../model/plan.ts";

/** A property's change: `{ path, before?, after?, after_unknown?, forces_replacement, note? }`. */
export function attributeJson(attribute: AttributeChange): JsonObject {
  return {
    path: attribute.path,
    ...sidesJson(attribute),
    forces_replacement: attribute.forcesReplacement,
    ...(attribute.note === undefined ? {} : { note: attribute.note }),
  };
}

/** Both sides of a change: an absent one is left out, an unknown one stands as `null` with a word beside it. */
function sidesJson({ before, after }: { readonly before?: Json; readonly after?: Json | Unknown }): JsonObject {
  const sides: { [key: string]: Json } = {};
  if (before !== undefined) sides["before"] = before;
  if (isUnknown(after)) return { ...sides, after: null, after_unknown: true };
  return after === undefined ? sides : { ...sides, after };
}
