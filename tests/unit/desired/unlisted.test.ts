import { expect, it } from "vitest";
import { checkUnlisted } from "../../../src/desired/rules-unlisted.ts";
import { archive, machine, packages } from "../../../src/index.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";

it("tells in a sentence of each kind what is made and listed nowhere", () => {
  const web = machine({ image: "debian" });
  const diagnostics: Diagnostic[] = [];
  const made = [web, packages({ on: web, install: ["curl"] }), archive({ of: web, dir: "backups" })];
  checkUnlisted(made, { resources: [], diagnostics });
  const rest = "not among the resources of any stack, so nothing will be made of it.";
  expect(diagnostics.map(({ detail }) => detail)).toEqual([
    `A machine is made here but is ${rest}`,
    `Packages are declared here but are ${rest}`,
    `An archive is made here but is ${rest}`,
  ]);
});
