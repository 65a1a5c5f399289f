import { address, byField, isObject, list, mapOf, object, oneOf, word, type Check } from "./shape.ts";

/** What was read from JSON and holds nothing hostile is JSON. */
export const json: Check = () => undefined;

/** A value with references in it: what bears our mark must be whole, for it is resolved when the plan is carried out. */
export const plainValue: Check = (value, spot) => {
  if (Array.isArray(value)) return list(plainValue)(value, spot);
  if (!isObject(value)) return undefined;
  if (!Object.hasOwn(value, "~orbform")) return mapOf(json, plainValue)(value, spot);
  const tag = oneOf(value["~orbform"]);
  return byField("~orbform", {
    ref: object({ "~orbform": tag, address, property: word }),
    concat: object({ "~orbform": tag, parts: list(plainValue) }),
  })(value, spot);
};
