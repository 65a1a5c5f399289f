import { describe, test } from "vitest";
import { keepFolder } from "./folder.ts";
import { caseWorld, expectCase } from "./simulator.ts";
import { TABLE } from "./table.ts";

keepFolder();

describe("the simulator in memory", () => {
  test.each(TABLE)("$section $does: orbctl $line", async (each) => {
    await expectCase(each, caseWorld(each).call);
  });
});
