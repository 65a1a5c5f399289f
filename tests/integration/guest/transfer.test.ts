import { expect, test } from "vitest";
import { runScript } from "../../../src/guest/transfer.ts";
import { hostSides, thrown } from "../../support/host-sides.ts";

const host = hostSides();

test.each([
  [67, "/srv/x", "There is nothing at: /srv/x. Nothing half written was left in place."],
  [67, "", "There is no such file inside. Nothing half written was left in place."],
  [9, "", "A script ended with exit code 9. Nothing half written was left in place."],
  [9, "odd", "A script ended with exit code 9: odd. Nothing half written was left in place."],
])("a script that ends with %i and says '%s' is told of in a whole sentence", async (code, said, told) => {
  const machine = (await host()).machine();
  const script = `printf '%s' '${said}' >&2; exit ${code}`;
  const failed = await thrown(runScript(machine, { script, args: [], doing: "Copying" }, {}));
  expect(failed).toMatchObject({ detail: `Copying on "${machine.name}" failed. ${told}` });
});
