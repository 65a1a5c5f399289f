import type { Address } from "./address.ts";
import type { Place } from "./place.ts";
import type { PolicyAnswer, PolicyChange, PolicyMachine, PolicyPlan } from "./policy-view.ts";

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
  /** Names of all policies that were asked and could answer, sorted; those without a finding are content. */
  readonly checked: readonly string[];
  /** Denials first, then by policy and address. */
  readonly findings: readonly PolicyFinding[];
  /** Policies that gave no answer, sorted, and why; absent: all did. Their plan has an error (`ORB_POLICY_FAILED`). */
  readonly failed?: readonly { readonly policy: string; readonly message: string }[];
}

/** Nobody was asked. */
export const NO_POLICIES: PolicyReport = { checked: [], findings: [] };

/** Why a policy gave no answer. */
export interface PolicyFailure {
  /** What it did, after its name: `threw an error: …`. */
  readonly what: string;
  readonly place?: Place;
}

/** Asks a policy about one thing. Never throws. */
export type AskPolicy<View> = (view: View, answer: PolicyAnswer) => PolicyFailure | undefined;

/** A policy as it was read: whatever its author's code does, asking it never throws. */
export interface Policy {
  /** Unlike that of any other. */
  readonly name: string;
  /** `warn`: what it denies is told and nothing more. */
  readonly severity: "deny" | "warn";
  /** Where it was defined. */
  readonly place?: Place;
  readonly plan?: AskPolicy<PolicyPlan>;
  readonly machine?: AskPolicy<PolicyMachine>;
  readonly change?: AskPolicy<PolicyChange>;
}

/** The findings of one severity. */
export function findingsOf(report: PolicyReport, severity: PolicyFinding["severity"]): readonly PolicyFinding[] {
  return report.findings.filter((each) => each.severity === severity);
}

/** Whether a policy denies the plan. */
export function isDenied(report: PolicyReport): boolean {
  return report.findings.some((each) => each.severity === "deny");
}
