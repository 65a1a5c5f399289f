import type { Driver, Observation, ObserveScope } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { HashText } from "../model/inside-wish.ts";
import type { LiveState } from "../model/live.ts";
import { isDesiredInside, type DesiredState } from "../model/resource.ts";
import { isInsideResource, type Snapshot } from "../model/snapshot.ts";
import { observeArchives, type LookAtArchives } from "./observe-archives.ts";
import type { Listed } from "./fresh-list.ts";
import type { InsideSeen } from "./observe-inside.ts";
import { probeUnready } from "./observe-probe.ts";
import { lacking, scopeOf, watched } from "./observe-scope.ts";

/** How long machines in transition are waited for, and how often they are looked at. Milliseconds. */
const TRANSITION_MS = 60_000;
const POLL_MS = 1000;

/** Between the list that lacks a recorded machine and the one that is believed. Milliseconds. */
const SECOND_LOOK_MS = 500;

const UNASKED =
  "Untrusted: only what an apply asked before was asked inside machines; what is new there is planned without a look.";

/** How often it is looked again where every list lacks something else. */
const MOST_LOOKS = 5;

/** What an observation is made of. */
export interface ObserveParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly desired: DesiredState;
  /** The last snapshot with its journal folded in; `undefined` where none was ever written. */
  readonly prior: Snapshot | undefined;
  readonly hashText: HashText;
  /**
   * Reads who claims these (machine ids and setting keys) where it is not this state: id or key → a sentence naming
   * the claim.
   */
  readonly readClaims: (subjects: readonly string[]) => Promise<{ readonly [subject: string]: string }>;
  readonly lookAtArchives: LookAtArchives;
  /** Ends the waits. */
  readonly signal?: AbortSignal;
  /** Nothing is asked inside machines that the state did not ask before. */
  readonly untrusted?: boolean;
  /** Told what is being waited for; nothing depends on it. */
  readonly warn: (message: string) => void;
}

/**
 * Looks at what exists, as far as the stack and its state speak of it. With nothing changing this costs one
 * observation, however many machines there are. It waits for machines in transition, at most 60 s; it looks a second
 * time before it believes that a recorded machine is gone; it runs something only on machines that are recorded as
 * unready and run. Changes nothing. Errors: the driver's.
 */
export async function observe(parts: ObserveParts): Promise<LiveState> {
  const { driver, clock, prior } = parts;
  const scope = scopeOf(parts.desired, prior);
  const settled = await afterTransitions(parts, scope, await driver.observe(scope));
  const seen = await afterSecondLook(parts, scope, settled);
  const seenAt = clock.now();
  const probes = await probeUnready(driver, prior, seen.machines);
  const { facts: inside, machines } = await insideOf(parts, { machines: seen.machines, at: seenAt });
  const archives = await observeArchives(parts);
  const claims = await parts.readClaims([...seen.machines.map((machine) => machine.id), ...Object.keys(seen.settings)]);
  return {
    world: await driver.world(),
    capabilities: await driver.capabilities(),
    machines,
    settings: seen.settings,
    ...(seen.default !== undefined && { default: seen.default }),
    probes,
    inside,
    archives,
    claims,
    observedAt: clock.now(),
  };
}

/** What looks inside is loaded only for a stack that has something there, or had. */
async function insideOf(parts: ObserveParts, listed: Listed): Promise<InsideSeen> {
  const { desired, prior } = parts;
  const isAnything =
    desired.resources.some(isDesiredInside) || Object.values(prior?.resources ?? {}).some(isInsideResource);
  if (!isAnything) return { facts: {}, machines: listed.machines };
  const { observeInside } = await import("./observe-inside.ts");
  if (parts.untrusted === true) parts.warn(UNASKED);
  return await observeInside(parts, listed);
}

/** Waits for the machines that this stack speaks of; those still in transition afterwards are the planner's to refuse. */
async function afterTransitions(parts: ObserveParts, scope: ObserveScope, first: Observation): Promise<Observation> {
  const { driver, clock, signal, warn } = parts;
  const deadline = clock.now() + TRANSITION_MS;
  let latest = first;
  let moving = watched(parts.desired, parts.prior, latest.machines);
  for (const machine of moving) warn(`Waiting for machine "${machine.name}", which is ${machine.state}.`);
  while (moving.length > 0 && clock.now() < deadline) {
    await clock.sleep(POLL_MS, signal);
    latest = await driver.observe({ settings: false, default: false });
    moving = watched(parts.desired, parts.prior, latest.machines);
  }
  return latest === first ? first : await driver.observe(scope);
}

/**
 * One list can lack a machine that is there. Only what two lists in a row lack is gone: where the second lacks something
 * that the first had, it is looked once more. Errors: `ORB_LIST_INCONSISTENT` where that finds no end.
 */
async function afterSecondLook(parts: ObserveParts, scope: ObserveScope, first: Observation): Promise<Observation> {
  let before = lacking(parts.prior, first.machines);
  if (before.size === 0) return first;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await parts.clock.sleep(SECOND_LOOK_MS, parts.signal);
    const next = await parts.driver.observe(scope);
    const lacks = lacking(parts.prior, next.machines);
    if ([...lacks].every((each) => before.has(each))) return next;
    before = lacks;
  }
  throw unsteady();
}

function unsteady(): OrbformError {
  return new OrbformError("ORB_LIST_INCONSISTENT", {
    summary: "OrbStack's lists contradict each other",
    detail: `Each of ${MOST_LOOKS + 1} lists lacked a machine that the one before it had. What exists is unknown, so nothing was planned or changed.`,
    hint: "Run `orbctl list` a few times; restart OrbStack if it goes on like that.",
  });
}
