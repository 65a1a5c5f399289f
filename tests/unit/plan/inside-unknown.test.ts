import { expect, test } from "vitest";
import { inside } from "../../support/execute-builders.ts";
import { at, planOf } from "../../support/plan-builders.ts";
import { db, lying, once, page, withDb } from "../../support/inside-worlds.ts";

const ip4 = { "~orbform": "ref", address: at("db"), property: "ip4" } as const;
const needing = { dependencies: [at("db")] };
const pathsOf = (worlds: Parameters<typeof planOf>[0]): readonly string[] =>
  planOf(worlds).changes.flatMap(({ attributes }) => attributes.map(({ path }) => path));

test("a value that refers to what it did not refer to before is written, though nobody knows it yet", () => {
  expect(pathsOf(lying({ before: [page("one\n")], after: [page(ip4, needing)], ...withDb }))).toEqual(["content"]);
});

test("a value that nobody knows and nothing changes keeps nothing else from being changed", () => {
  const applied = page("one\n", needing);
  const now = inside("file", "page", { path: "/srv/page", content: ip4, mode: 0o600 }, needing);
  expect(pathsOf(lying({ before: [applied], after: [now], ...withDb }))).toEqual(["mode"]);
  expect(pathsOf(lying({ before: [applied], after: [page(ip4, needing)], ...withDb }))).toEqual([]);
  expect(pathsOf(lying({ before: [applied], after: [page(ip4, needing)], besides: [db] }))).toContain("content");
});

test("a command that ran is not run again because nobody could look into its machine", () => {
  expect(pathsOf(lying({ before: [once(1)], after: [once(1)], found: false }))).toEqual([]);
  expect(pathsOf(lying({ before: [once(1)], after: [once(2)], found: false }))).toEqual(["triggers"]);
  expect(pathsOf(lying({ before: [once(1)], after: [once(1)], found: false, state: { unfinished: true } }))).toContain(
    "run",
  );
});
