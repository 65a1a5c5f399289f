import {
  address,
  byField,
  check,
  isObject,
  json,
  list,
  mapOf,
  named,
  object,
  oneOf,
  word,
  type Check,
} from "./shape.ts";

/** A value with references in it: what bears our mark must be whole, for it is resolved when the plan is carried out. */
export const plainValue: Check = named("value", () =>
  check(
    (value, spot) => {
      if (Array.isArray(value)) return list(plainValue)(value, spot);
      if (!isObject(value)) return undefined;
      return Object.hasOwn(value, MARK) ? marked()(value, spot) : mapOf(json, plainValue)(value, spot);
    },
    (definitions) => {
      const each = plainValue.schema(definitions);
      const plain = { type: "object", not: { required: [MARK] }, additionalProperties: each };
      const simple = { type: ["null", "boolean", "number", "string"] };
      return { anyOf: [simple, { type: "array", items: each }, plain, marked().schema(definitions)] };
    },
  ),
);

const MARK = "~orbform";

function marked(): Check {
  return byField(MARK, {
    ref: object({ [MARK]: oneOf("ref"), address, property: word }),
    concat: object({ [MARK]: oneOf("concat"), parts: list(plainValue) }),
  });
}
