import { expect, test } from "vitest";
import { policyTelling } from "../../../src/cli/policy-telling.ts";
import { NO_POLICIES, type PolicyReport } from "../../../src/model/policy.ts";
import { lineText, planSummaryLine } from "../../../src/report/events-json.ts";
import { policyJson } from "../../../src/report/policy-json.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { at, planWith } from "../../support/report-builders.ts";

const HOSTILE = "Line one.\nLine \u001b[31mtwo\u202e.";

const report: PolicyReport = {
  checked: ["at-most-machines", "image-allow-list", "no-friday"],
  findings: [
    {
      policy: "image-allow-list",
      severity: "deny",
      message: "The image alpine is not on the list. Allowed: debian:bookworm.",
      address: at("machine.web"),
      place: { file: "/project/stacks/dev.ts", line: 3, column: 13 },
    },
    { policy: "no-friday", severity: "deny", message: HOSTILE },
    { policy: "at-most-machines", severity: "warn", message: "Nearly full.", address: at("team/machine.db") },
  ],
};

const telling = policyTelling(report, "/project");

test("what policies say is as before, as text", async () => {
  await expect(telling.text(PLAIN)).toMatchFileSnapshot("policies.txt");
});

test("what policies say is as before, as lines", async () => {
  const all = [...telling.lines(), planSummaryLine(planWith(), telling.summary)].map((line) => lineText(line, "2026-01-01T00:00:00.000Z"));
  await expect(`${all.join("\n")}\n`).toMatchFileSnapshot("policies.jsonl");
});

test("what policies say is as before, in the JSON of a plan", async () => {
  await expect(`${JSON.stringify(policyJson(report), null, 2)}\n`).toMatchFileSnapshot("policies.json");
});

test("policies that are content say so in a line", () => {
  expect(policyTelling({ ...NO_POLICIES, checked: ["a"] }, "/").text(PLAIN)).toBe("\nPolicies: 1 checked, no objection.\n");
});
