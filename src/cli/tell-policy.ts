import type { PolicyReport } from "../model/policy.ts";
import type { Console } from "./console.ts";
import type { Teller } from "./teller.ts";

/** Tells what policies say. Who has none loads nothing for it. */
export async function tellPolicy(report: PolicyReport, tell: Teller, { cwd }: Pick<Console, "cwd">): Promise<void> {
  if (report.checked.length + report.findings.length === 0) return;
  const { policyTelling } = await import("./policy-telling.ts");
  tell.policy(policyTelling(report, cwd));
}
