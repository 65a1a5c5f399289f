import { OrbformError } from "../model/errors.ts";
import { findingsOf, type PolicyReport } from "../model/policy.ts";

const MOST_NAMED = 20;

/** A plan that a policy denies is not applied, whoever approves of it: `ORB_POLICY_DENIED`, naming each denial. */
export function refuseDenied(report: PolicyReport): void {
  const denials = findingsOf(report, "deny");
  if (denials.length === 0) return;
  const named = denials.slice(0, MOST_NAMED).map(({ policy, address, message }) => {
    const about = address === undefined ? policy : `${policy}, ${address}`;
    return `- ${about}: ${message.replaceAll("\n", "\n  ")}`;
  });
  const more = denials.length > MOST_NAMED ? [`- and ${denials.length - MOST_NAMED} more`] : [];
  throw new OrbformError("ORB_POLICY_DENIED", {
    summary: "The plan is denied by policy",
    detail: `What is planned is against the rules of this project. No machine was touched.\n\n${[...named, ...more].join("\n")}`,
    hint: "Change the stack so that the policies are content, or change the policies.",
  });
}
