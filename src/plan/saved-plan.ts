/** Plans as files: what other tools read of a plan, and beside it everything that carrying it out takes. */
import { InvariantError } from "../model/errors.ts";
import { findHostile } from "../model/hostile.ts";
import type { HashText } from "../model/inside-wish.ts";
import type { JsonObject } from "../model/json.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import type { PolicyReport } from "../model/policy.ts";
import type { DesiredResource } from "../model/resource.ts";
import { planDigest } from "./plan-digest.ts";
import type { PlanFacts } from "./plan-facts.ts";
import { newer, noPlan, parsePlan, planOf, unreadable } from "./plan-file.ts";
import type { PlanOptions } from "./plan-input.ts";
import { savedShape } from "./plan-shape-saved.ts";
import { isObject } from "./shape.ts";

/** The newest format of plan files that this version writes and reads. */
export const SAVED_FORMAT = 1;

/** What a plan was made of. */
interface SavedStack {
  /** The stack's file, seen from the project's folder. */
  readonly file: string;
  /** Of what it declared, without secrets. */
  readonly digest: string;
  /** Digests of the secrets that the plan touches, as the stack words them, by address. */
  readonly secrets: { readonly [address: string]: string };
}

/** A plan with what it rests on. */
export interface SavedPlan {
  readonly format: typeof SAVED_FORMAT;
  /** Version of Orbform that wrote it. */
  readonly version: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** The plan's, as `--expect` takes it. */
  readonly digest: string;
  readonly stack: SavedStack;
  /** What was asked of the plan. */
  readonly request: PlanOptions;
  /** What is looked at when it is applied: the resources it touches, and machines outside the stack by name. */
  readonly watched: { readonly resources: readonly DesiredResource[]; readonly existing: readonly string[] };
  readonly facts: PlanFacts;
  readonly policy: PolicyReport;
  /** What was said of how it was made. */
  readonly notices: readonly string[];
  readonly plan: Plan;
}

/** Digests that a plan file is checked by. */
export interface Hashes {
  readonly hashText: HashText;
  readonly digest: Digest;
}

/** The last line of a plan file: the digest of all that stands before it. */
const CHECKSUM = /,\n {2}"checksum": "sha256:([0-9a-f]{64})"\n\}\n$/;

/** A plan file's text: `shown` is what other tools read; what carrying it out takes is put under its `orbform.saved`. */
export function encodeSavedPlan(saved: SavedPlan, shown: JsonObject, hashText: HashText): string {
  const trouble = findHostile(saved);
  if (trouble !== undefined) throw new InvariantError(`a plan cannot be written: ${trouble.why} at ${trouble.path}`);
  const { orbform } = shown;
  const ours = { ...(isObject(orbform) ? orbform : {}), saved };
  const body = JSON.stringify({ ...shown, orbform: ours }, null, 2).slice(0, -"\n}".length);
  return `${body},\n  "checksum": "sha256:${hashText(body)}"\n}\n`;
}

/**
 * Reads a plan file's text; `where` is its path, for messages. Strict: one byte that is another, and what this version
 * doesn't know, is refused. Errors: `ORB_PLAN_UNREADABLE`, `ORB_PLAN_NEWER`.
 */
export function decodeSavedPlan(text: string, where: string, hashes: Hashes): SavedPlan {
  const document = parsePlan(text, where);
  const saved = savedIn(document);
  if (saved === undefined) throw noPlan(where);
  const { format } = saved;
  if (typeof format === "number" && Number.isSafeInteger(format) && format > SAVED_FORMAT) throw newer(where, format);
  if (!isWhole(text, hashes.hashText)) throw unreadable(where, { path: "", why: "it is not as Orbform wrote it" });
  const plan = planOf(saved["plan"], where);
  const wrong = findHostile(saved) ?? savedShape()(saved, undefined);
  if (wrong !== undefined || !isSaved(saved)) throw unreadable(where, wrong ?? { path: "", why: "it is no plan" });
  if (planDigest(plan, hashes.digest) !== saved.digest)
    throw unreadable(where, { path: "orbform.saved.digest", why: "the plan has another digest" });
  return saved;
}

function savedIn(document: unknown): { readonly [key: string]: unknown } | undefined {
  const ours = isObject(document) ? document["orbform"] : undefined;
  const saved = isObject(ours) ? ours["saved"] : undefined;
  return isObject(saved) ? saved : undefined;
}

function isWhole(text: string, hashText: HashText): boolean {
  const found = CHECKSUM.exec(text);
  return found !== null && hashText(text.slice(0, found.index)) === found[1];
}

/** Its shape has been looked at. */
function isSaved(document: unknown): document is SavedPlan {
  return isObject(document);
}
