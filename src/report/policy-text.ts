import type { JsonObject } from "../model/json.ts";
import { findingsOf, type PolicyFinding, type PolicyReport } from "../model/policy.ts";
import { printable } from "../model/printable.ts";
import type { EventLine } from "./events-json.ts";
import { findingJson } from "./policy-json.ts";
import type { Theme } from "./theme.ts";
import { oneLine } from "./value-text.ts";

/** What policies say, as a section below the plan. Ends with a line break. */
export function policyText(report: PolicyReport, theme: Theme): string {
  const blocks = report.findings.map((each) => findingText(each, theme)).join("");
  return `\n${theme.strong("Policies:")} ${summaryOf(report)}\n${blocks === "" ? "" : `\n${blocks}`}`;
}

/** `3 checked, 1 denial, 2 warnings.` */
function summaryOf(report: PolicyReport): string {
  const { checked, denied, warned } = countsOf(report);
  const silent = report.failed?.length ?? 0;
  const without = silent === 0 ? "" : `, ${silent} without an answer`;
  if (denied + warned === 0) return `${checked} checked${without === "" ? ", no objection" : without}.`;
  return `${checked} checked${without}, ${counted(denied, "denial")}, ${counted(warned, "warning")}.`;
}

function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function countsOf(report: PolicyReport) {
  return {
    checked: report.checked.length,
    denied: findingsOf(report, "deny").length,
    warned: findingsOf(report, "warn").length,
  };
}

function findingText({ policy, severity, message, address, place }: PolicyFinding, theme: Theme): string {
  const word = severity === "deny" ? theme.error("Denied: ") : theme.warning("Warning: ");
  const about = address === undefined ? "" : ` ${oneLine(address)}`;
  const where = place === undefined ? "" : theme.dim(` (${oneLine(place.file)} line ${place.line})`);
  const lines = printable(message).split("\n");
  return `  ${word}${theme.strong(oneLine(policy))}${about}${where}\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

/** What policies say, in JSON lines: one for each finding. */
export function policyLines({ findings }: PolicyReport): readonly EventLine[] {
  return findings.map((finding) => {
    const { policy, severity, message, address } = finding;
    const isDenial = severity === "deny";
    const about = address === undefined ? "" : `${address}: `;
    const { policy: _policy, ...said } = findingJson(finding);
    return {
      level: isDenial ? "error" : "warn",
      message: `${isDenial ? "Denied" : "Warning"} by ${policy}: ${about}${message}`,
      type: "policy",
      body: { policy: { name: policy, ...said } },
    };
  });
}

/** What a summary line tells of policies: how many were asked, and how often they denied and warned. */
export function policySummary(report: PolicyReport): JsonObject {
  return { policy: countsOf(report) };
}
