import { expect, test } from "vitest";
import { resourceText } from "../../../src/report/snapshot-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { commandState } from "../../support/state-builders.ts";

test.each(["command.setup", "tier/command.setup"])("%s is called what a plan calls it", (address) => {
  expect(resourceText(address, commandState(), PLAIN)).toMatch(/^command "setup" \{\n {4}on +=/m);
});
