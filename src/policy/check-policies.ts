import { parseAddress, type Address } from "../model/address.ts";
import type { Diagnosed, Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { AskPolicy, Policy, PolicyFailure, PolicyFinding, PolicyReport } from "../model/policy.ts";
import type { PolicyAnswer, PolicySubject } from "../model/policy-view.ts";
import { printable } from "../model/printable.ts";
import type { Judged } from "./judged.ts";
import { planView } from "./plan-view.ts";

/**
 * Asks policies about a plan, in the order of their names; what they say doesn't depend on how they were listed. A policy
 * that gives no answer is an error (`ORB_POLICY_FAILED`) and not among those that were checked: a plan that can't be
 * judged is not applied.
 */
export function checkPolicies(policies: readonly Policy[], judged: Judged): Diagnosed<PolicyReport> {
  const places = new Map<string, Place | undefined>(judged.desired.resources.map((each) => [each.address, each.place]));
  const view = planView(judged);
  const [findings, diagnostics, checked]: [PolicyFinding[], Diagnostic[], string[]] = [[], [], []];
  for (const policy of policies.toSorted((left, right) => compare(left.name, right.name))) {
    const asked = new Asked(policy, places);
    asked.about(policy.plan, [view]);
    asked.about(policy.machine, view.machines);
    asked.about(policy.change, view.changes);
    findings.push(...asked.findings);
    if (asked.failed === undefined) checked.push(policy.name);
    else diagnostics.push(failedText(policy, asked.failed));
  }
  return { value: { checked, findings: findings.toSorted(compareFindings) }, diagnostics };
}

interface Failed extends PolicyFailure {
  /** What it was asked about; absent: the plan. */
  readonly address?: string;
}

/** One policy while it is asked. After its first failure it is asked no more. */
class Asked {
  readonly findings: PolicyFinding[] = [];
  failed: Failed | undefined;
  readonly #policy: Policy;
  readonly #places: ReadonlyMap<string, Place | undefined>;

  constructor(policy: Policy, places: ReadonlyMap<string, Place | undefined>) {
    this.#policy = policy;
    this.#places = places;
  }

  about<View extends object>(ask: AskPolicy<View> | undefined, views: readonly View[]): void {
    for (const view of views) {
      if (ask === undefined || this.failed !== undefined) return;
      const asked = "address" in view && typeof view.address === "string" ? view.address : undefined;
      const { answer, end } = this.#answer(asked);
      const failure = ask(view, answer) ?? end();
      end();
      if (failure !== undefined) this.failed = asked === undefined ? failure : { ...failure, address: asked };
    }
  }

  /** What takes the answers about one view; after `end`, which tells what was wrong with them, it takes no more. */
  #answer(asked: string | undefined) {
    let open = true;
    let wrong: PolicyFailure | undefined;
    const say = (severity: PolicyFinding["severity"], message: unknown, about: unknown): undefined => {
      if (!open) throw new Error("A policy answers before it returns; what it says later is not heard.");
      const address = about === undefined ? asked : addressIn(about);
      if (typeof message !== "string" || message.trim() === "") wrong ??= { what: "gave a message that is no text" };
      else if (about !== undefined && address === undefined) wrong ??= { what: `named something without an address` };
      else this.findings.push(this.#finding(severity, message, address));
      return undefined;
    };
    const answer: PolicyAnswer = {
      deny: (message, about) => say(this.#policy.severity, message, about),
      warn: (message, about) => say("warn", message, about),
    };
    const end = (): PolicyFailure | undefined => {
      open = false;
      return wrong;
    };
    return { answer: Object.freeze(answer), end };
  }

  #finding(severity: PolicyFinding["severity"], message: string, about: string | undefined): PolicyFinding {
    const address = about === undefined ? undefined : parseAddress(about);
    const place = address === undefined ? undefined : this.#places.get(address);
    const text = printable(message).trim();
    return {
      policy: this.#policy.name,
      severity,
      message: text.length > LONGEST ? `${text.slice(0, LONGEST)}…`.toWellFormed() : text,
      ...(address !== undefined && { address }),
      ...(place !== undefined && { place }),
    };
  }
}

/** Characters of a message that are kept. */
const LONGEST = 2000;

function addressIn(about: unknown): Address | undefined {
  if (!isSubject(about)) return undefined;
  return parseAddress(about.address);
}

function isSubject(about: unknown): about is PolicySubject {
  return typeof about === "object" && about !== null && "address" in about && typeof about.address === "string";
}

function failedText({ name, place: own }: Policy, { what, address, place = own }: Failed): Diagnostic {
  const about = address === undefined ? "the plan" : printable(address);
  return {
    severity: "error",
    code: "ORB_POLICY_FAILED",
    summary: "A policy gave no answer",
    detail: `The policy ${name}, asked about ${about}, ${what}. A plan that can't be judged is not applied. No machine was touched.`,
    hint: "Correct the policy, or take it out of `policies`.",
    ...(place !== undefined && { place }),
  };
}

function compareFindings(left: PolicyFinding, right: PolicyFinding): number {
  return (
    compare(left.severity, right.severity) ||
    compare(left.policy, right.policy) ||
    compare(left.address ?? "", right.address ?? "") ||
    compare(left.message, right.message)
  );
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
