import type { PolicyReport } from "../model/policy.ts";
import { policyLines, policySummary, policyText } from "../report/policy-text.ts";
import { seenFrom } from "./source-of.ts";
import type { PolicyTelling } from "./teller.ts";

/** What policies say, in both forms, with places as seen from a folder. */
export function policyTelling(report: PolicyReport, cwd: string): PolicyTelling {
  const seen = { ...report, findings: report.findings.map((each) => seenFrom(cwd, each)) };
  return {
    text: (theme) => policyText(seen, theme),
    lines: () => policyLines(seen),
    summary: policySummary(seen),
  };
}
