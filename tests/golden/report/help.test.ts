import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../../src/commands/table.ts";
import { commandHelp, overviewHelp } from "../../../src/report/help-text.ts";
import { commandsDoc } from "../../../tools/docs/commands-doc.ts";

test.each([...COMMANDS])("%s says the same in its help as before", async (id, command) => {
  await expect(commandHelp(id, command, "orb")).toMatchFileSnapshot(`help/${id.replace(" ", "-")}.txt`);
});

test("the overview lists every command", async () => {
  await expect(overviewHelp(COMMANDS, "orb")).toMatchFileSnapshot("help/overview.txt");
});

test("docs/commands.md is current", () => {
  const present = readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8");
  expect(present, "run `npm run docs`").toBe(commandsDoc(COMMANDS));
});
