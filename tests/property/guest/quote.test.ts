import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote, quoteWords } from "../../../src/guest/quote.ts";

const SHELLS = [
  ["sh", ["sh", "-c"]],
  ["busybox", ["busybox", "sh", "-c"]],
] as const;
const hasShells = SHELLS.every(([, [program]]) => spawnSync(program, ["-c", ":"]).error === undefined);

/** Arguments of programs are UTF-8: half of a pair of surrogates is no text. */
const text = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom("'", "\\", '"', "$", "`", "\n", "!", "-", "*", " ", "~", "#"), maxLength: 40 }),
  )
  .filter((each) => !each.includes("\0") && each.isWellFormed());

describe.skipIf(!hasShells).each(SHELLS)("a quoted text (%s)", (_, [program, ...args]) => {
  it("is the same text to the shell", () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (words) => {
        const run = spawnSync(program, [...args, `printf '%s\\0' ${quoteWords(words)}`], { encoding: "buffer" });
        expect(run.stdout.toString("utf8")).toBe(words.map((word) => `${word}\0`).join(""));
      }),
      { numRuns: 200 },
    );
  });

  it("is the same text to a shell within the shell", () => {
    fc.assert(
      fc.property(text, (word) => {
        const inner = `printf %s ${quote(word)}`;
        const run = spawnSync(program, [...args, `sh -c ${quote(inner)}`], { encoding: "buffer" });
        expect(run.stdout.toString("utf8")).toBe(word);
      }),
      { numRuns: 200 },
    );
  });
});

it("can't quote a NUL", () => {
  expect(() => quote("a\0b")).toThrow(expect.objectContaining({ code: "ORB_PROPERTY_INVALID" }));
});
