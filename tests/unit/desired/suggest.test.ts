import { describe, expect, it } from "vitest";
import { filePath, placeOf } from "../../../src/desired/place-of.ts";
import { described, quoted } from "../../../src/desired/quoted.ts";
import { suggestion } from "../../../src/desired/suggest.ts";

describe("suggestions", () => {
  it.each([
    ["memry", 'Did you mean "memory"?'],
    ["MEMORY", 'Did you mean "memory"?'],
    ["cpu", 'Did you mean "cpus"?'],
    ["xyz", undefined],
    ["", undefined],
    ["m".repeat(10_000), undefined],
  ])("for %s", (word, meant) => {
    expect(suggestion(word, ["cpus", "memory", "disk"])).toBe(meant);
  });
});

describe("places", () => {
  it.each([
    ["Error\n    at file:///p/stacks/dev.ts:3:14", { file: "/p/stacks/dev.ts", line: 3, column: 14 }],
    ["Error\n    at f (file:///p/a%20b.ts?load=1:3:14)", { file: "/p/a b.ts", line: 3, column: 14 }],
    ["Error\n    at new X (/p/a.js:1:2)", { file: "/p/a.js", line: 1, column: 2 }],
    ["Error\n    at async Promise.all (index 0)\n    at node:internal/x:1:1", undefined],
    ["Error\n    at f (/p/(a)/b.ts:1:2)", { file: "/p/(a)/b.ts", line: 1, column: 2 }],
    ["nothing", undefined],
    [undefined, undefined],
  ])("are read from %j", (stack, place) => {
    expect(placeOf(stack)).toEqual(place);
  });

  it("never fail on odd file names", () => {
    expect(filePath("file:///p/100%.ts")).toBe("/p/100%.ts");
  });
});

describe("values in messages", () => {
  it("are quoted on one line, cut, and without control characters", () => {
    expect(quoted("a\nb\u001b[31m\u202e")).toBe(String.raw`"a\nb\u{202e}"`);
    expect(quoted("x".repeat(100))).toBe(`"${"x".repeat(80)}…"`);
  });

  it.each([
    [null, "null"],
    [3, "the number 3"],
    [[1], "an array"],
    [[], "an empty array"],
    [{ "~orbform": "ref" }, "a reference"],
    [{ "~orbform": "machine" }, 'the "machine" resource itself'],
    [Symbol("x"), "a symbol"],
  ])("are described: %j", (value, text) => {
    expect(described(value)).toBe(text);
  });
});
