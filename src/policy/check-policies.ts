import { parseAddress, type Address } from "../model/address.ts";
import type { Diagnosed, Diagnostic } from "../model/diagnostic.ts";
import { OrbformError } from "../model/errors.ts";
import type { Place } from "../model/place.ts";
import type { AskPolicy, Policy, PolicyFailure, PolicyFinding, PolicyReport } from "../model/policy.ts";
import type { PolicyAnswer, PolicySubject } from "../model/policy-view.ts";
import { printable } from "../model/printable.ts";
import type { Judged } from "./judged.ts";
import { planView } from "./plan-view.ts";

/**
 * Asks policies about a plan, in the order of their names; what they say doesn't depend on how they were listed. A policy
 * that gives no answer is an error (`ORB_POLICY_FAILED`) and not among those that were checked: a plan that can't be
 * judged is not applied. What it said before it failed is half an answer, and is not told.
 */
export function checkPolicies(policies: readonly Policy[], judged: Judged): Diagnosed<PolicyReport> {
  const places = placesIn(judged);
  const view = planView(judged);
  const [findings, diagnostics, checked]: [PolicyFinding[], Diagnostic[], string[]] = [[], [], []];
  const failed: { readonly policy: string; readonly message: string }[] = [];
  for (const policy of policies.toSorted((left, right) => compare(left.name, right.name))) {
    const asked = new Asked(policy, places);
    asked.about(policy.plan, [view]);
    asked.about(policy.machine, view.machines);
    asked.about(policy.change, view.changes);
    if (asked.failed !== undefined) {
      const diagnostic = failedText(policy, asked.failed);
      diagnostics.push(diagnostic);
      failed.push({ policy: policy.name, message: diagnostic.detail });
      continue;
    }
    checked.push(policy.name);
    findings.push(...asked.findings);
  }
  const value = { checked, findings: findings.toSorted(compareFindings), ...(failed.length > 0 && { failed }) };
  return { value, diagnostics };
}

/** Every address that a plan knows of, and where it stands in the stack. */
type Places = ReadonlyMap<string, Place | undefined>;

function placesIn({ desired, prior, plan }: Judged): Places {
  const elsewhere = [...Object.keys(prior.resources), ...[...plan.changes, ...plan.drift].map((each) => each.address)];
  const declared = desired.resources.map((each) => [each.address, each.place] as const);
  return new Map<string, Place | undefined>([...elsewhere.map((each) => [each, undefined] as const), ...declared]);
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
  readonly #places: Places;

  constructor(policy: Policy, places: Places) {
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
      if (!open) throw tooLate(this.#policy);
      const address = about === undefined ? asked : addressIn(about);
      if (typeof message !== "string") wrong ??= { what: "gave a message that is no text" };
      else if (message.trim() === "") wrong ??= { what: "gave an empty message" };
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
    const isKnown = about !== undefined && this.#places.has(about);
    const address = isKnown ? parseAddress(about) : undefined;
    const place = isKnown ? this.#places.get(about) : undefined;
    const text = printable(message).trim();
    const elsewhere =
      about === undefined || isKnown ? "" : ` (This is about ${about}, and no such address is in the plan.)`;
    return {
      policy: this.#policy.name,
      severity,
      message: `${text.length > LONGEST ? `${text.slice(0, LONGEST)}…`.toWellFormed() : text}${elsewhere}`,
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

/** Thrown to who calls too late, and told at the end where that is nobody: by then the plan was judged. */
function tooLate({ name, place }: Policy): OrbformError {
  return new OrbformError("ORB_POLICY_FAILED", {
    summary: "A policy answered too late",
    detail: `The policy ${name} said something after it had returned. That is not heard: the plan was judged without it.`,
    hint: "Let it call deny and warn before it returns: a policy can't wait for anything.",
    ...(place !== undefined && { place }),
  });
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
