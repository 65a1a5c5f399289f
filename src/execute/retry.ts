import type { Verb } from "../driver/driver.ts";
import type { FailureKind, FailureOutcome } from "../driver/errors.ts";

/** A failed operation, as the table sees it. */
export interface Failure {
  readonly verb: Verb | "exec";
  readonly kind: FailureKind;
  readonly outcome: FailureOutcome;
  /** 1 = the first. */
  readonly attempt: number;
  /** An earlier attempt may have done something: what is found now may be its work. */
  readonly uncertain: boolean;
  /** How often an action may be tried again. */
  readonly retries: number;
}

/**
 * What follows a failure. Every repetition looks at the machine before it does anything:
 * `done` – what was wanted is there; `again` – after a pause; `look` – once more at the machine, doing nothing;
 * `settle` – wait for the machine, then again; `free space` – take the disk limit away, then again;
 * `taken` – the name is somebody else's; `fail` – tell the user.
 */
export type Decision = "done" | "again" | "look" | "settle" | "free space" | "taken" | "fail";

const MAKES: ReadonlySet<Failure["verb"]> = new Set<Failure["verb"]>(["create", "clone", "restore"]);

/** What certainly did nothing and is worth another try. */
const TRANSIENT: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "service starting",
  "transport",
  "timed out",
  "download failed",
  "no address",
  "shutdown",
  "crashed",
]);

/** The retry table of the executor: by what is certain, first match wins. Pure. */
export function decide(failure: Failure): Decision {
  const { verb, kind, outcome, attempt, retries } = failure;
  if (outcome === "done") return "done";
  if (kind === "at work" || kind === "untold") return "fail";
  if (verb === "delete" && kind === "not found") return "done";
  if (kind === "already exists") return alreadyExists(failure);
  if (kind === "in transition") return "settle";
  if (kind === "no space" && (verb === "delete" || verb === "rename"))
    return attempt <= Math.max(1, retries) ? "free space" : "fail";
  if (outcome === "unknown") return attempt <= retries ? "again" : "look";
  if (outcome === "nothing" && TRANSIENT.has(kind)) return attempt <= retries ? "again" : "fail";
  return "fail";
}

/** Failures that OrbStack itself reports once it has given up: nothing more comes of the operation. */
const VERDICTS: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "no address",
  "crashed",
  "shutdown",
  "no space",
  "download failed",
]);

/** Whether a failure is OrbStack's own last word, and not an answer that was lost. */
export function isVerdict(kind: FailureKind): boolean {
  return VERDICTS.has(kind);
}

/** Whether a failure hints that OrbStack is short of addresses or of breath: fewer creates at once then. */
export function isOverload(kind: FailureKind): boolean {
  return kind === "no address" || kind === "timed out";
}

/** Pause before an attempt, in milliseconds: doubles from 0.5 s to 30 s, half of it jitter. `random` in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(30_000, 500 * 2 ** Math.max(0, attempt - 2));
  return Math.round(whole / 2 + (whole / 2) * random);
}

function alreadyExists({ verb, attempt, retries, uncertain }: Failure): Decision {
  // Where nothing of ours can have made it, it is a stranger's, whichever attempt ran into it.
  if (!uncertain) return "taken";
  return MAKES.has(verb) && attempt <= retries + 1 ? "look" : "taken";
}
