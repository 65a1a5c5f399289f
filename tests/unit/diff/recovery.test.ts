import { expect, test } from "vitest";
import { ulidTime } from "../../../src/diff/recovery.ts";

test("reads the time in a ULID", () => {
  expect(ulidTime("01ARYZ6S41TSV4RRFFQ69G5FAV")).toBe(1_469_918_176_385);
});

test("an id that is no ULID tells no time", () => {
  expect([ulidTime("01GQQVF6C60000000000DOCKER"), ulidTime(""), ulidTime("web")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
