/** What state keeps of something inside a machine, from the first change on. */
import type { BegunScript, CommandFacts, CommandWish, InsideFacts, InsideWish } from "./inside.ts";
import { withoutText } from "./inside-looked.ts";
import { ignoredOf, withoutIgnored } from "./inside-ignored.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { MachineId } from "./machine.ts";
import type { DesiredInside } from "./resource.ts";
import { sameJson } from "./same-json.ts";
import type { InsideResource } from "./snapshot.ts";

/** What a change inside a machine begins with. */
export interface InsideBegin {
  readonly machine: MachineId;
  readonly settled: DesiredInside;
  /** What the stack asks, its references known. */
  readonly inputs: InsideWish;
  /** What was found there just now. */
  readonly found: InsideFacts;
  /** What state keeps of it in this very machine. */
  readonly prior: InsideResource | undefined;
  /** What it keeps of it in another one, which took or takes the place of this one. */
  readonly was?: InsideResource | undefined;
  /** The serial of the snapshot that the run began with: what is made anew gets no revision that was given before. */
  readonly serial: number;
}

/** What state keeps of something in one machine, and in the one that is replaced by it, or was to replace it. */
export function partedBy(state: InsideResource | undefined, machine: MachineId): Pick<InsideBegin, "prior" | "was"> {
  if (state === undefined) return { prior: undefined };
  const { was, ...current } = state;
  if (state.machine === machine) return { prior: current, was };
  return { prior: was?.machine === machine ? was : undefined, was: current };
}

/**
 * What state keeps while a change is under way, and where nobody hears how it ended: what may lie there since. It has a new
 * revision, for what is restarted for it can't know that nothing was done.
 */
export function unfinishedInside(begin: InsideBegin, script?: BegunScript): InsideResource {
  const former = formerDigest(begin);
  const { inputs, found } = begin;
  return {
    ...kept(begin, withFormer(begin)),
    // By it is known afterwards whether the same user stands there.
    ...(found.type === "user" && { seen: seenFor(inputs, found) }),
    unfinished: true,
    ...(inputs.type === "command" && script !== undefined && { script }),
    ...(former !== undefined && { former }),
  };
}

/** Of a file: what was found, where that is ours. */
function formerDigest({ inputs, found, prior }: InsideBegin): string | undefined {
  if (found.type !== "file" || found.digest === undefined || prior?.inputs.type !== "file") return undefined;
  if (!isSameInside(prior.inputs, inputs)) return undefined;
  const isOurs = found.digest === prior.inputs.digest || found.digest === prior.former;
  return isOurs ? found.digest : undefined;
}

/** What state keeps once it is so. */
export function finishedInside(begin: InsideBegin, seen: InsideFacts): InsideResource {
  return { ...kept(begin, begin.inputs), seen: seenFor(begin.inputs, seen) };
}

/** What was found, as state keeps it of what is asked. */
export function seenFor(asked: InsideWish, found: InsideFacts): InsideFacts {
  return onlyAsked(asked, withoutText(found));
}

/** What state keeps where the stack asks otherwise and nothing has to be done for it. */
export function settledInside(
  state: InsideResource,
  { lifecycle, dependencies, on }: DesiredInside,
  asked: InsideWish | undefined,
): InsideResource {
  const inputs = asked === undefined ? state.inputs : settledWish(asked, state.inputs, lifecycle);
  return {
    ...state,
    lifecycle,
    dependencies,
    on,
    inputs,
    seen: seenFor(inputs, state.seen),
    original: originalOf(inputs, { prior: state, found: onlyThere(state.seen) }),
  };
}

/** Nothing was installed by settling: a package becomes ours by an action that installs it. */
function onlyThere(seen: InsideFacts): InsideFacts {
  if (seen.type !== "packages") return seen;
  const installed = Object.entries(seen.installed).filter(([, version]) => version !== null);
  return { ...seen, installed: Object.fromEntries(installed) };
}

/** What was found when a command's turn had not come. */
interface NotRun {
  readonly machine: MachineId;
  readonly wish: CommandWish;
  readonly facts: CommandFacts;
}

/** What state keeps of a command that its conditions keep from being run: its work is there, or it was run with nothing. */
export function notRun(
  { lifecycle, dependencies, on }: DesiredInside,
  { machine, wish, facts }: NotRun,
): InsideResource {
  const isThere = facts.created === true || facts.unless === true;
  const { triggers: _triggers, ...others } = wish;
  const inputs = isThere ? wish : { ...others, run: NEVER };
  return { type: "command", revision: 0, lifecycle, dependencies, on, machine, inputs, seen: facts, original: facts };
}

/** What a command was run with that was never run. */
const NEVER: readonly string[] = [];

/** Whether state has a command that is yet to be run for the first time. */
export function isNeverRun({ inputs }: InsideResource): boolean {
  return inputs.type === "command" && inputs.run.length === 0;
}

/**
 * What was applied where nothing has to be done. A command that is not run keeps what it was run with last, for its turn
 * may still come; what is ignored is what was applied before.
 */
export function settledWish(asked: InsideWish, before: InsideWish, lifecycle: Lifecycle): InsideWish {
  const applied = withoutIgnored(asked, ignoredOf(lifecycle), before);
  if (applied.type !== "command" || before.type !== "command") return applied;
  const { triggers: _triggers, ...others } = applied;
  return { ...others, run: before.run, ...(before.triggers !== undefined && { triggers: before.triggers }) };
}

/** Whether two ask for the same thing: one path, one name. */
export function isSameInside(left: InsideWish, right: InsideWish): boolean {
  return left.type === right.type && sameJson(identityOf(left), identityOf(right));
}

/** What something inside a machine is known by there; empty where it has no name of its own. */
export function identityOf(wish: InsideWish): string {
  if ("path" in wish) return wish.path;
  return "name" in wish ? wish.name : "";
}

/** The same of what a stack asks; empty also where it is not known yet. */
export function identityIn(properties: DesiredInside["properties"]): string {
  const own = properties["path"] ?? properties["name"];
  return typeof own === "string" ? own : "";
}

function kept({ machine, settled, found, prior, was, serial }: InsideBegin, inputs: InsideWish): InsideResource {
  const { type, lifecycle, dependencies, on } = settled;
  return {
    type,
    revision: (prior?.revision ?? serial) + 1,
    lifecycle,
    dependencies,
    on,
    machine,
    inputs,
    seen: prior?.seen ?? seenFor(inputs, found),
    original: originalOf(inputs, { prior, found }),
    ...(prior?.startedWith !== undefined && { startedWith: prior.startedWith }),
    ...(was?.on === on && { was }),
  };
}

interface Found {
  readonly prior: InsideResource | undefined;
  readonly found: InsideFacts;
}

/**
 * What stood there before the first time: it is never overwritten. Of packages, each has a first time of its own, and one
 * that is no longer asked for has it before it again.
 */
function originalOf(inputs: InsideWish, { prior, found }: Found): InsideFacts {
  if (prior === undefined || !isSameInside(prior.inputs, inputs)) return seenFor(inputs, found);
  // A user who is made from nothing is ours, whosever one of that name was before.
  if (isAnotherUser(prior, found) || (found.type === "user" && !found.exists)) return found;
  const { original } = prior;
  if (original.type !== "packages" || found.type !== "packages") return original;
  return onlyAsked(inputs, { ...original, installed: { ...found.installed, ...before(prior) } });
}

/**
 * Whether a user that was found is not the one that was made, but one that somebody made anew under its name. Where there
 * was none, and an attempt of ours to make one was interrupted, it counts as ours.
 */
export function isAnotherUser({ seen, unfinished }: InsideResource, found: InsideFacts): boolean {
  if (seen.type !== "user" || found.type !== "user" || !found.exists) return false;
  if (!seen.exists) return unfinished !== true;
  return seen.uid !== undefined && found.uid !== undefined && seen.uid !== found.uid;
}

/** State with what was found. A user whom somebody made anew was there before, whatever is done to it from now on. */
export function withSeen(state: InsideResource, seen: InsideFacts): InsideResource {
  return { ...state, seen, original: isAnotherUser(state, seen) ? seen : state.original };
}

/** Of each package that was asked for: what was installed before. */
function before({ inputs, original }: InsideResource): { readonly [name: string]: string | null } {
  const asked = onlyAsked(inputs, original);
  return asked.type === "packages" ? asked.installed : {};
}

function onlyAsked(inputs: InsideWish, facts: InsideFacts): InsideFacts {
  if (inputs.type !== "packages" || facts.type !== "packages") return facts;
  const installed = Object.entries(facts.installed).filter(([name]) => name in inputs.install);
  return { ...facts, installed: Object.fromEntries(installed) };
}

/** Packages that were asked for are still to go if nobody knows whether they went. */
function withFormer({ inputs, prior }: InsideBegin): InsideWish {
  if (inputs.type !== "packages" || prior?.inputs.type !== "packages") return inputs;
  return { ...inputs, install: { ...prior.inputs.install, ...inputs.install } };
}
