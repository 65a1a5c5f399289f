import { expect, test } from "vitest";
import { nearestWord } from "../../../src/model/nearest-word.ts";

test.each([
  ["aply", "apply"],
  ["plna", "plan"],
  ["PLAN", "plan"],
  ["terraform", undefined],
  ["", undefined],
])("the word near to %j is %j", (word, near) => {
  expect(nearestWord(word, ["plan", "apply"])).toBe(near);
});
