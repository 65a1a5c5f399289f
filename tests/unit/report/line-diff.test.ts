import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff, type DiffLine } from "../../../src/report/line-diff.ts";

const shown = (before: string, after: string): readonly string[] =>
  lineDiff(before, after).map((each) => (each === undefined ? "…" : `${each.sign}${each.line}`));

test("shows what changed, with three lines around it", () => {
  const lines = Array.from({ length: 12 }, (_none, index) => `line ${index}`);
  const changed = lines.with(6, "other");
  expect(shown(lines.join("\n"), changed.join("\n"))).toEqual([
    "…",
    " line 3",
    " line 4",
    " line 5",
    "-line 6",
    "+other",
    " line 7",
    " line 8",
    " line 9",
    "…",
  ]);
});

test("shows a text that was not there, and one that goes", () => {
  expect(shown("", "a\nb\n")).toEqual(["+a", "+b"]);
  expect(shown("a\nb\n", "")).toEqual(["-a", "-b"]);
});

test("says of a last line that no line break ends what diff says of it", () => {
  const open = "\\No newline at end of file";
  expect(shown("a\nb", "a\nb\n")).toEqual([" a", "-b", open, "+b"]);
  expect(shown("a\nb\n", "a\nb")).toEqual([" a", "-b", "+b", open]);
  expect(shown("a\nb", "c\nb")).toEqual(["-a", "+c", " b", open]);
  expect(shown("", "a")).toEqual(["+a", open]);
});

test("has the lines of both texts, in their order, and none that is in neither", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 7 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after);
      fc.pre(!lines.includes(undefined));
      const side = (sign: DiffLine["sign"]): string =>
        lines.flatMap((each) => (each && each.sign !== sign && each.sign !== "\\" ? [each.line] : [])).join("\n");
      expect(side("+")).toBe(before);
      expect(side("-")).toBe(after);
    }),
    { numRuns: 300 },
  );
});
