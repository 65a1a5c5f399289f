import { expect, test } from "vitest";
import { printable, withoutSequences } from "../../../src/model/printable.ts";

test.each([
  ["plain text, tabs\tand\nlines: ünï ✓ 👩", "plain text, tabs\tand\nlines: ünï ✓ 👩"],
  ["\u001b[31mred\u001b[0m", "red"],
  ["\u001b]0;title\u0007after", "after"],
  ["\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\", "link"],
  ["\u009d0;title\u009cafter", "after"],
  ["\u001bPq payload\u001b\\after", "after"],
  ["\u001b_apc\u001b\\after", "after"],
  ["\u009b2Jafter", "after"],
  ["\u001bcafter", "after"],
  ["\u001b(Bafter", "after"],
  ["\u001b]0;cut off and the rest", "0;cut off and the rest"],
  ["cut \u001b[31", String.raw`cut 31`],
  ["\u001b", String.raw`\u{1b}`],
  ["a\rb\r\nc\u0008\u0007\u0000\u007f", String.raw`a\u{d}b` + "\n" + String.raw`c\u{8}\u{7}\u{0}\u{7f}`],
  ["a\u202eb\u2066c\u200bd\ufeffe", String.raw`a\u{202e}b\u{2066}c\u{200b}d\u{feff}e`],
  ["a\u061cb\u00adc\u{e0041}d", String.raw`a\u{61c}b\u{ad}c\u{e0041}d`],
  ["lone \ud800", "lone \ufffd"],
])("shows %j as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("takes time in proportion to the text", () => {
  const hostile = ["\u001b]", "\u009d", "\u001b[", "\u001bP"].map((each) => each.repeat(200_000)).join("");
  expect(withoutSequences(hostile).length).toBeLessThan(hostile.length);
});
