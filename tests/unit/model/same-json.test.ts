import { assert, constantFrom, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { sameJson } from "../../../src/model/same-json.ts";

describe("JSON values", () => {
  it("are the same exactly where they are written the same, whatever the order of keys", () => {
    const values = jsonValue({ maxDepth: 3, stringUnit: constantFrom("a", "b", "__proto__") });
    assert(
      property(values, values, (left, right) => {
        expect(sameJson(left, structuredClone(left))).toBe(true);
        expect(sameJson(left, reversed(left))).toBe(true);
        expect(sameJson(left, right)).toBe(sorted(left) === sorted(right));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [{}, []],
    [[1], { 0: 1 }],
    [null, {}],
    [[1, 2], [1]],
    [Object.create({ a: 1 }), { a: 1 }],
    [{}, JSON.parse('{"__proto__":1}')],
  ])("%j is not %j", (left, right) => {
    expect(sameJson(left, right)).toBe(false);
    expect(sameJson(right, left)).toBe(false);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reversed(each)]),
  );
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${sorted(each)}`);
  return `{${fields.toSorted().join()}}`;
}
