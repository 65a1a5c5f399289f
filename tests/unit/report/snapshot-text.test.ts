import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { InsideResource } from "../../../src/model/snapshot.ts";
import { resourceText } from "../../../src/report/snapshot-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { machineAddress } from "../../support/state-builders.ts";

test.each(["command.setup", "tier/command.setup"])("%s is called what a plan calls it", (address) => {
  const setup: InsideResource = {
    type: "command",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [machineAddress("web")],
    on: machineAddress("web"),
    machine: machineId("01JWEB"),
    inputs: { type: "command", run: "true" },
    seen: { type: "command" },
    original: { type: "command" },
  };
  expect(resourceText(address, setup, PLAIN)).toMatch(/^command "setup" \{\n {4}on +=/m);
});
