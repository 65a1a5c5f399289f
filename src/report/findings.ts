import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { PolicyFinding, PolicyReport } from "../model/policy.ts";
import { driftHeading } from "./heading.ts";
import { unfoldedDrift } from "./plan-summary.ts";
import type { AppliedReview, Review } from "./review.ts";
import { valueText } from "./value-text.ts";

/** Something that was found wrong. */
export interface Finding {
  /** What found it: an error's code, `policy/NAME`, `drift/changed`. */
  readonly rule: string;
  readonly level: "error" | "warning";
  /** Whoever counts tests counts it as a failure; what only warns is not. */
  readonly fails: boolean;
  readonly summary: string;
  /** Why, and what to do about it; may be empty. */
  readonly text: string;
  readonly address?: string;
  readonly place?: Place;
}

/** One thing that was looked at. Without findings it is as it should be. */
export interface Case {
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Why nothing was found out of it. */
  readonly skipped?: string;
  readonly place?: Place;
}

/** Cases of one sort. */
export interface Suite {
  readonly name: "rules" | "policy" | "drift" | "actions";
  readonly cases: readonly Case[];
}

/** What was found, of a plan, an apply or a stack that has no plan: what JUnit and SARIF are made of. */
export interface Findings {
  /** What was done: `validate`, `plan`, `drift`, `apply` … */
  readonly of: string;
  /** Absent: it is not known which stack was meant. */
  readonly stack?: string;
  readonly env?: string;
  readonly version: string;
  /** The stack's file. */
  readonly file?: string;
  readonly suites: readonly Suite[];
  /** What is said of how it was looked at: what held of an untrusted stack, above all. */
  readonly notices: readonly string[];
}

/** What was found where there is no plan: by `validate`, or on the way to a plan that could not be made. */
export interface Faults {
  readonly command: string;
  readonly stack?: string;
  readonly env?: string;
  readonly version: string;
  readonly file?: string;
  readonly commit?: string;
  readonly link?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly notices?: readonly string[];
}

/** What was found without a plan. */
export function findingsOfFaults({ command, diagnostics, notices = [], stack, env, version, file }: Faults): Findings {
  return { of: command, ...about({ stack, env, version, file }), suites: [rules(diagnostics)], notices };
}

function about(known: { readonly [K in "stack" | "env" | "file"]: string | undefined } & { readonly version: string }) {
  const { stack, env, version, file } = known;
  return { ...(stack && { stack }), ...(env && { env }), ...(file && { file }), version };
}

/** What was found of a plan, and of how it was carried out. */
export function findingsOf({ plan, policy, notices, version, file, applied, places = {} }: Review): Findings {
  const byAddress = new Map(Object.entries(places));
  const placed = <T extends { readonly address?: string; readonly place?: Place }>(each: T): T => {
    const place = each.place ?? byAddress.get(each.address ?? "");
    return place === undefined ? each : { ...each, place };
  };
  const suites: Suite[] = [rules(plan.diagnostics.map(placed))];
  const { checked, findings, failed = [] } = policy;
  if (checked.length + findings.length + failed.length > 0)
    suites.push(policies({ checked, failed, findings: findings.map(placed) }));
  suites.push(drifts(unfoldedDrift(plan).map(placed)));
  if (applied !== undefined) suites.push(actions(plan.actions.map(placed), applied));
  const of = applied?.operation ?? (plan.mode === "refresh-only" ? "drift" : "plan");
  return { of, ...about({ stack: plan.stack, env: plan.env, version, file }), suites, notices };
}

/** The stack itself, and each resource of which there is something to say. */
function rules(diagnostics: readonly Diagnostic[]): Suite {
  const byAddress = new Map<string, Diagnostic[]>([["stack", []]]);
  for (const each of diagnostics) {
    const name = each.address ?? "stack";
    const before = byAddress.get(name);
    if (before === undefined) byAddress.set(name, [each]);
    else before.push(each);
  }
  const cases = [...byAddress].map(([name, found]) => caseOf(name, found.map(findingOf)));
  return { name: "rules", cases };
}

function caseOf(name: string, findings: readonly Finding[]): Case {
  const place = findings.find((each) => each.place !== undefined)?.place;
  return { name, findings, ...(place !== undefined && { place }) };
}

function findingOf({ code, severity, summary, detail, hint, address, place }: Diagnostic): Finding {
  return {
    rule: code,
    level: severity,
    fails: severity === "error",
    summary,
    text: hint === undefined ? detail : `${detail}\n\n${hint}`,
    ...(address !== undefined && { address }),
    ...(place !== undefined && { place }),
  };
}

/** Of one that gave no answer the plan has an error among its rules. */
function policies({ checked, findings, failed }: Required<PolicyReport>): Suite {
  const silent = new Map(failed.map(({ policy, message }) => [policy, message]));
  const names = [...new Set([...checked, ...silent.keys(), ...findings.map((each) => each.policy)])].toSorted();
  const cases = names.map((name) => {
    const own = findings.filter(({ policy }) => policy === name);
    const message = silent.get(name);
    return {
      ...caseOf(name, own.map(policyFinding)),
      ...(message !== undefined && { skipped: `It gave no answer: ${message}` }),
    };
  });
  return { name: "policy", cases };
}

function policyFinding({ policy, severity, message, address, place }: PolicyFinding): Finding {
  return {
    rule: `policy/${policy}`,
    level: severity === "deny" ? "error" : "warning",
    fails: severity === "deny",
    summary: message,
    text: "",
    ...(address !== undefined && { address }),
    ...(place !== undefined && { place }),
  };
}

type PlacedDrift = ReturnType<typeof unfoldedDrift>[number] & { readonly place?: Place };

/** Each resource that was changed outside; where none was, that is what passes. */
function drifts(all: readonly PlacedDrift[]): Suite {
  const cases = all.map((drift) => caseOf(drift.address, [driftFinding(drift)]));
  return { name: "drift", cases: cases.length === 0 ? [caseOf("stack", [])] : cases };
}

function driftFinding(drift: PlacedDrift): Finding {
  const { address, kind, attributes, place } = drift;
  const lines = attributes.map(({ path, before, after }) => `${path} = ${valueText(before)} -> ${valueText(after)}`);
  return {
    rule: `drift/${kind}`,
    level: "warning",
    fails: true,
    summary: `${address} ${driftHeading(drift).says} outside of Orbform`,
    text: lines.join("\n"),
    address,
    ...(place !== undefined && { place }),
  };
}

type PlacedAction = Review["plan"]["actions"][number] & { readonly place?: Place };

function actions(all: readonly PlacedAction[], { results }: AppliedReview): Suite {
  const cases = all.map(({ id, address, place }): Case => {
    const result = results.get(id);
    const skipped = result === undefined || result.status === "skipped";
    const problem = result?.problem;
    const found = problem === undefined ? [] : [{ address, ...(place !== undefined && { place }), ...problem }];
    return { ...caseOf(id, found.map(findingOf)), ...(skipped && { skipped: "It was not begun." }) };
  });
  return { name: "actions", cases };
}
