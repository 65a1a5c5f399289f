import { expect, test } from "vitest";
import { SECTIONS } from "./sections.ts";
import { TABLE } from "./table.ts";

test("every section of the contract has a case, or says why it has none", () => {
  const held = new Set(TABLE.map(({ section }) => section));
  const expected = SECTIONS.filter(({ without }) => without === undefined).map(({ id }) => id);

  expect([...held].toSorted()).toEqual(expected.toSorted());
});

test("every section that Orbform calls has a case that the driver is held to", () => {
  const held = new Set(TABLE.filter(({ driver }) => driver).map(({ section }) => section));
  const never = new Set(["1.2", "1.8", "1.10", "2.1", "3.12", "7.4", "7.5", "7.6", "10", "13.12"]);

  const missing = SECTIONS.filter(({ id, without }) => without === undefined && !held.has(id)).map(({ id }) => id);

  expect(missing.filter((id) => !never.has(id))).toEqual([]);
});

test("no case is told twice", () => {
  const keys = TABLE.map((each) => JSON.stringify({ ...each, does: "", section: "" }));

  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});
