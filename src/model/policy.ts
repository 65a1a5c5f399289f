import type { Address } from "./address.ts";
import type { Place } from "./place.ts";

/** What one policy has to say against a plan. */
export interface PolicyFinding {
  /** The policy's name. */
  readonly policy: string;
  /** `deny` keeps the plan from being applied (exit 3); `warn` is told. */
  readonly severity: "deny" | "warn";
  /** A sentence. */
  readonly message: string;
  /** The resource it is about; absent: the plan as a whole. */
  readonly address?: Address;
  readonly place?: Place;
}

/** What the policies of a project and a stack say of a plan. */
export interface PolicyReport {
  /** Names of all policies that were asked, sorted; those without a finding are content. */
  readonly checked: readonly string[];
  /** Denials first, then by policy and address. */
  readonly findings: readonly PolicyFinding[];
}

/** Nobody was asked. */
export const NO_POLICIES: PolicyReport = { checked: [], findings: [] };
