import { findingsOf, findingsOfFaults, type Faults, type Findings } from "./findings.ts";
import { junit } from "./junit.ts";
import type { Review } from "./review.ts";
import { sarif } from "./sarif.ts";

/** A review as a file of JUnit. */
export function junitOf(review: Review): string {
  return junit(findingsOf(review));
}

/** A review as a file of SARIF. */
export function sarifOf(review: Review): string {
  return sarifText(findingsOf(review));
}

/** What has no plan as a file of JUnit. */
export function junitOfFaults(faults: Faults): string {
  return junit(findingsOfFaults(faults));
}

/** What has no plan as a file of SARIF. */
export function sarifOfFaults(faults: Faults): string {
  return sarifText(findingsOfFaults(faults));
}

function sarifText(findings: Findings): string {
  return `${JSON.stringify(sarif(findings), null, 2)}\n`;
}
