import { describe, expect, test } from "vitest";
import { keepFolder } from "./folder.ts";
import { TABLE } from "./table.ts";
import { verdictOnSimulator, verdictOnText } from "./verdict.ts";

keepFolder();

const CASES = TABLE.flatMap((each) => (each.driver ? [{ ...each, driver: each.driver }] : []));

describe("the driver, given orbctl's words", () => {
  test.each(CASES)("$section $does: orbctl $line", async (each) => {
    expect(await verdictOnText(each, each.driver)).toEqual(each.driver.makes);
  });
});

describe("the driver, over the simulator", () => {
  test.each(CASES.filter(({ driver }) => driver.wordsOnly !== true))("$section $does: orbctl $line", async (each) => {
    expect(await verdictOnSimulator(each, each.driver)).toEqual(each.driver.makes);
  });
});
