import { isOrbformError, OrbformError } from "../model/errors.ts";
import type { ErrorFacts } from "../model/errors.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import type { AskPolicy, Policy, PolicyFailure } from "../model/policy.ts";
import type { PolicyAnswer } from "../model/policy-view.ts";
import { printable } from "../model/printable.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { brandOf } from "../stack/handle.ts";
import { placeOf } from "./place-of.ts";
import { described, quoted } from "./quoted.ts";
import { suggestion } from "./suggest.ts";
import { readThrown } from "./thrown.ts";
import { authorsPlace, isAuthors } from "./translate-import-error.ts";
import { ownUrl } from "./self-url.ts";

/** Whose `policies` they are: `a stack`, `the configuration`, and where that stands. */
interface PoliciesOf {
  readonly of: string;
  readonly place: Place | undefined;
}

/**
 * Reads what `policies` lists. What is no policy throws `ORB_POLICY_INVALID`: a rule that can't be read must not be passed
 * over. What the policies' functions do later never throws.
 */
export function readPolicies(given: unknown, owner: PoliciesOf): readonly Policy[] {
  try {
    return readAll(given, owner);
  } catch (error) {
    // Every look at what the author wrote may run a getter or a proxy of theirs.
    if (isOrbformError(error) || !isAuthors(error, ownUrl())) throw error;
    throw invalid(owner.place, `"policies" of ${owner.of} can't be read: it ${thrown(error).what}`);
  }
}

function readAll(given: unknown, { of, place }: PoliciesOf): readonly Policy[] {
  if (!Array.isArray(given)) throw invalid(place, `"policies" of ${of} must be an array, but is ${what(given)}`);
  return given.map((each: unknown, index) => readPolicy(each, `policies[${index}] of ${of}`, place));
}

/** The policies of a project with those of a stack (`undefined`: it has none). Mistakes between them are added to `all`. */
export function withOwn(
  { policies, place }: { readonly policies: readonly Policy[]; readonly place: Place | undefined },
  own: unknown,
  all: Diagnostic[],
): readonly Policy[] {
  const both = own === undefined ? policies : [...policies, ...readPolicies(own, { of: "the stack", place })];
  all.push(...sameNames(both));
  return both;
}

/** A mistake for each name that two policies have: a report could not tell them apart. */
function sameNames(policies: readonly Policy[]): readonly Diagnostic[] {
  const again = policies.filter(({ name }, index) => policies.findIndex((each) => each.name === name) < index);
  return again.map(({ name, place }) => ({
    severity: "error",
    code: "ORB_POLICY_INVALID",
    summary: "Two policies have the same name",
    detail: `There is another policy named ${quoted(name)}. No machine was looked at.`,
    hint: 'Give one of them another name; ready ones take it too: { name: "…" }',
    ...(place && { place }),
  }));
}

const KEYS = ["name", "description", "severity", "plan", "machine", "change"];
const NAME = /^[A-Za-z0-9][\w./@:-]{0,99}$/;

function readPolicy(given: unknown, where: string, ownersPlace: Place | undefined): Policy {
  if (!isPolicy(given))
    throw invalid(ownersPlace, `what stands at ${where} must be what definePolicy gives, but is ${what(given)}`);
  const place = placeOf(given["~site"].stack) ?? ownersPlace;
  const input = given["~input"];
  if (!isPlainObject(input)) throw invalid(place, `definePolicy takes an object, but was given ${what(input)}`);
  const { name, severity = "deny", description } = input;
  if (typeof name !== "string" || !NAME.test(name))
    throw invalid(place, `the name of ${where} is ${what(name)}: ${GRAMMAR}`);
  const wrong = (problem: string): OrbformError => invalid(place, `the policy ${quoted(name)}: ${problem}`);
  const unknown = Object.keys(input).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw wrong(`${quoted(unknown)} is no property. ${suggestion(unknown, KEYS) ?? `There are: ${KEYS.join(", ")}`}`);
  if (description !== undefined && typeof description !== "string")
    throw wrong(`"description" must be a text, but is ${what(description)}`);
  if (severity !== "deny" && severity !== "warn")
    throw wrong(`"severity" must be "deny" or "warn", but is ${what(severity)}`);
  const asks = functionsOf(input, wrong);
  if (Object.keys(asks).length === 0)
    throw wrong("it has none of the functions plan, machine and change, so it would never be asked");
  return { name, severity, ...(place && { place }), ...asks };
}

const GRAMMAR = "a policy's name begins with a letter or digit and has letters, digits and ._/@:- only, at most 100";

interface LoadedPolicy {
  readonly "~input": unknown;
  readonly "~site": { readonly stack?: unknown };
}

/** A policy of any copy of the package. */
function isPolicy(value: unknown): value is LoadedPolicy {
  return (
    brandOf(value) === "policy" &&
    typeof value === "object" &&
    value !== null &&
    "~input" in value &&
    "~site" in value &&
    typeof value["~site"] === "object" &&
    value["~site"] !== null
  );
}

type Asks = Pick<Policy, "plan" | "machine" | "change">;

function functionsOf(input: { readonly [key: string]: unknown }, wrong: (problem: string) => OrbformError): Asks {
  const asks: { [kind: string]: AskPolicy<unknown> } = {};
  for (const kind of ["plan", "machine", "change"]) {
    const ask = input[kind];
    if (ask === undefined) continue;
    if (!isFunction(ask)) throw wrong(`"${kind}" must be a function, but is ${what(ask)}`);
    asks[kind] = asking(ask);
  }
  return asks;
}

type Asked = (view: unknown, answer: PolicyAnswer) => unknown;

function isFunction(value: unknown): value is Asked {
  return typeof value === "function";
}

/** The author's function, as one that never throws and gives no promise. */
function asking(ask: Asked): AskPolicy<unknown> {
  return (view, answer) => {
    try {
      const given = ask(view, answer);
      return given === undefined ? undefined : notNothing(given);
    } catch (error) {
      return thrown(error);
    }
  };
}

function notNothing(given: unknown): PolicyFailure {
  if (!isPromise(given))
    return { what: `returned ${what(given)}; it answers by deny(…) and warn(…) and returns nothing` };
  // Nobody waits for it: what becomes of it must not end the process.
  given.then(undefined, () => undefined);
  return { what: "is asynchronous; a policy judges what it is shown, and can't wait for anything" };
}

/** Also one of another making: a promise is known by its `then`. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function thrown(error: unknown): PolicyFailure {
  const { name, message, stack } = readThrown(error);
  // Ours, as where it calls process.exit: that one says in a sentence what was tried.
  if (isOrbformError(error)) return { what: `failed: ${sentence(error.detail)}`, ...placed(stack) };
  const kind = name === undefined || name === "Error" ? "" : `${printable(name)}: `;
  const said = message === "" ? "an error without a message" : printable(message).replace(/\.$/, "");
  return { what: `threw ${kind}${said}`, ...placed(stack) };
}

function sentence(text: string): string {
  const plain = printable(text).replace(/\.$/, "");
  return `${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
}

function placed(stack: string | undefined): Pick<PolicyFailure, "place"> {
  const place = authorsPlace(stack, ownUrl());
  return place === undefined ? {} : { place };
}

function what(value: unknown): string {
  return brandOf(value) === "policy" ? "a policy" : described(value);
}

function invalid(place: Place | undefined, problem: string): OrbformError {
  const facts: ErrorFacts = {
    summary: "Policy is not valid",
    detail: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}. No machine was looked at.`,
    hint: 'Write: policies: [definePolicy({ name: "…", machine: (machine, { deny }) => { … } })]',
  };
  return new OrbformError("ORB_POLICY_INVALID", place === undefined ? facts : { ...facts, place });
}
