import type { InsideAction } from "../model/action.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { isGone } from "../model/inside-looked.ts";
import { isSameInside, partedBy, seenFor, withSeen } from "../model/inside-kept.ts";
import type { MachineId } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import { factsLike, isSealedDigest, keptFacts, keptWish, type Seal } from "../model/sealed.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { insideDifferences, type InsideDifference } from "../diff/inside.ts";
import { stale } from "./failure.ts";
import { knownOf, mayHaveActed } from "./inside-step.ts";
import type { Step } from "./step.ts";

/** What was found just now where a change is to be made. */
export interface Found {
  readonly machine: MachineId;
  readonly wish: InsideWish;
  readonly found: InsideFacts;
  readonly seal: Seal | undefined;
}

/**
 * Nothing is written over but what the plan saw, what it asks for, and what programs made that this run let work there. An
 * earlier attempt of ours may have left rights half-way, never content. Errors: `ORB_PLAN_STALE`.
 */
export function refuseStale(step: Step<InsideAction>, { machine, wish, found, seal }: Found): void {
  const { address, properties } = step.action;
  const asked = keptWish(wish, seal);
  if (asked.type === "file" && seal !== undefined && (properties["digest"] ?? asked.digest) !== asked.digest)
    throw stale(address, "What it is to hold is not what it was when the plan was made.");
  if (!isThere(found) || isAllowed(step, { machine, wish: asked, found, seal })) return;
  keepSeen(step, { machine, wish: asked, found });
  throw stale(address, "It is not as it was when the plan was made.");
}

function isAllowed(step: Step<InsideAction>, there: Found): boolean {
  const { before, address } = step.action;
  const { wish, found, seal } = there;
  if (step.run.leftAt.has(address) && !mayHaveActed(step))
    return insideDifferences({ wish, facts: keptFacts(found, seal), prior: undefined }).length === 0;
  if (before === null) return true;
  const isPlanned = step.run.workedIn.has(there.machine) || isAsPlanned(step, before, there);
  return isPlanned && (mayHaveActed(step) || !hasAnotherNumber(before, found));
}

/** It differs from what is asked as the plan has it. What our own earlier attempt did is no difference, but for a content. */
function isAsPlanned(step: Step<InsideAction>, before: InsideFacts, { wish, ...there }: Found): boolean {
  if (!mayHaveActed(step) && isGone(before) && there.found.type === "user") return false;
  const planned = insideDifferences({ wish, facts: before, prior: undefined });
  const now = insideDifferences({ wish, facts: likeThePlan(step, there), prior: undefined });
  const isNew = (path: string): boolean => path === "content" || !mayHaveActed(step);
  const isPlanned = (each: InsideDifference): boolean => planned.some((one) => sameJson({ ...one }, { ...each }));
  return now.every((each) => isPlanned(each) || !isNew(each.path));
}

/** A user whom somebody made anew: no program that was let work there does that. */
function hasAnotherNumber(before: InsideFacts, found: InsideFacts): boolean {
  if (before.type !== "user" || found.type !== "user") return false;
  return before.uid !== undefined && found.uid !== undefined && before.uid !== found.uid;
}

/** As the plan has it: sealed where it is a secret, or was one and the stack does not say it. */
function likeThePlan(step: Step<InsideAction>, { machine, found, seal }: Omit<Found, "wish">): InsideFacts {
  const { before } = step.action;
  const prior = sameMachine(step, machine);
  const isSecret = before?.type === "file" && isSealedDigest(before.digest);
  if (seal !== undefined || !isSecret || prior === undefined) return keptFacts(found, seal);
  return factsLike(found, prior, step.run.ports.hashText);
}

/** The machine may be stopped again: then the next plan has nothing but state to go by, and has to know what was found. */
function keepSeen(step: Step<InsideAction>, { machine, wish, found }: Omit<Found, "seal">): void {
  const state = knownOf(step);
  if (state?.machine !== machine || !isSameInside(state.inputs, wish)) return;
  step.keep(withSeen(state, seenFor(state.inputs, factsLike(found, state, step.run.ports.hashText))));
}

/** What somebody may have put there. Packages, services and commands are asked for as they stand; nobody's work is in them. */
function isThere(found: InsideFacts): boolean {
  return "kind" in found || found.type === "user" ? !isGone(found) : false;
}

function sameMachine(step: Step<InsideAction>, machine: MachineId): InsideResource | undefined {
  const known = knownOf(step);
  return known && partedBy(known, machine).prior;
}
