import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const guide = readFileSync(join(import.meta.dirname, "../../../docs/guides/policies.md"), "utf8");
const rego = [...guide.matchAll(/^```rego\n(.*?)^```/gms)].map(([, text = ""]) => text).join("\n");

test("no rule in Rego asks by `not` for a property that is never absent: what is not set is null, and that holds", () => {
  expect(rego).toContain("resource.change.after.memory");
  expect(rego.match(/\bnot \S*change\.(?:before|after)\.\S+/g) ?? []).toEqual([]);
});
