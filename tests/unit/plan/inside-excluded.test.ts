/** What `--exclude` leaves out of what lies inside machines. */
import { expect, test } from "vitest";
import { inDb, liveDb, lying, page, site, tools, withDb } from "../../support/inside-worlds.ts";
import { at, planOf } from "../../support/plan-builders.ts";

const actionsOf = (given: Parameters<typeof lying>[0]): readonly string[] =>
  planOf(lying(given)).actions.map(({ id }) => id);

test("what has moved out of a machine that is left out is not taken away there, nor put elsewhere", () => {
  const moved = { before: [page("one\n")], after: [page("one\n", inDb)], ...withDb };
  expect(actionsOf({ ...moved, options: { excludes: [at("web")] } })).toEqual([]);
  expect(actionsOf(moved)).toContain("file.page:remove");
});

test("what has moved out of a machine that left the stack and is left out stays, too", () => {
  const moved = { before: [page("one\n")], after: [page("one\n", inDb)], now: undefined, ...withDb };
  expect(actionsOf({ ...moved, options: { excludes: [at("web")] } })).toEqual([]);
});

test("where one thing is left out of all that goes, so is its machine, and nothing else", () => {
  const going = { before: [page("one\n"), site(0o755), tools("curl")], ...withDb, besides: [] };
  const left = actionsOf({ ...going, now: undefined, options: { excludes: [at("file.page")] } });
  expect(left).toEqual(["directory.site:remove", "machine.db:delete", "packages.tools:remove"]);
});

test("what is aimed at is taken away though something beside it is left out", () => {
  const going = { before: [page("one\n"), site(0o755)], now: undefined, ...withDb, besides: [] };
  const options = { targets: [at("directory.site"), at("db")], excludes: [at("file.page")] };
  expect(actionsOf({ ...going, options })).toEqual(["directory.site:remove", "machine.db:delete"]);
});

test("a machine that goes is left out with what is left out inside it, wherever that needs another one", () => {
  const needy = page("one\n", { dependencies: [at("web"), at("db")] });
  const going = { before: [needy, site(0o755)], now: undefined, ...withDb, besides: [] };
  expect(liveDb.name).toBe("db");
  expect(actionsOf({ ...going, options: { excludes: [at("web")] } })).toEqual([]);
});
