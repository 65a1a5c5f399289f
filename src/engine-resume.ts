/** Taking up a kept plan: what it rests on is looked at again; what a run that died over it left is finished. */
import { planSettled } from "./engine.ts";
import type { EnginePorts, Planned, PlanRequest, Stack } from "./engine-types.ts";
import { lookCloser } from "./live/closer-look.ts";
import { observe } from "./live/observe.ts";
import type { LiveState } from "./model/live.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { stackDigest } from "./plan/plan-digest.ts";
import { factsOf, type PlanFacts } from "./plan/plan-facts.ts";
import { interrupted, refuseOtherWorld } from "./plan/refuse.ts";
import { refuseOtherPlace, staleFile } from "./plan/refuse-kept.ts";
import { beyondApproved, isAllTakenAway, leftStanding, requestLeft, type Left } from "./plan/resume.ts";
import { changedSince } from "./plan/changed-since.ts";
import { factsOnceBegun } from "./plan/begun-facts.ts";
import type { SavedPlan } from "./plan/saved-plan.ts";
import { stackDifferences } from "./plan/stack-differences.ts";
import { differencesIn } from "./plan/stale.ts";
import { touchedBy, type Touched } from "./plan/touched.ts";
import { desiredIn, priorIn, withPlanned } from "./plan/watched.ts";
import { emptySnapshot } from "./state/empty-snapshot.ts";
import { readPrior } from "./state/read-prior.ts";
import type { UnfinishedPlan } from "./state/unfinished.ts";

/** What is looked at again. */
export interface LookAgain {
  readonly saved: SavedPlan;
  readonly prior: Snapshot;
  readonly touched: Touched;
}

/** What was found. */
export interface SeenAgain {
  readonly live: LiveState;
  readonly present: PlanFacts;
  readonly notices: readonly string[];
}

/** Looks at what a kept plan rests on, and at nothing else. Changes nothing. Errors: the driver's, `ORB_INTERRUPTED`. */
export async function lookAgain(
  ports: EnginePorts,
  { saved, prior, touched }: LookAgain,
  signal: AbortSignal | undefined,
): Promise<SeenAgain> {
  const { driver, clock, hashText, digest } = ports;
  const notices: string[] = [];
  const live = await observe({
    driver,
    clock,
    desired: desiredIn(saved),
    prior: priorIn(prior, touched),
    hashText,
    readClaims: (ids) => ports.claims.readMany(ids),
    lookAtArchives: (asked, ended) => ports.archives.look(asked, ended),
    warn: (notice) => notices.push(notice),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(error) : error;
  });
  const seen = await lookCloser(ports, { boots: touched.worked, addresses: touched.addressed });
  return { live, present: factsOf(saved.plan, touched, { prior, live, digest, hashText, ...seen }), notices };
}

/**
 * The state that a kept plan is applied to; before the first apply there is none, and the plan began one. Errors:
 * `ORB_OTHER_WORLD`, `ORB_PLAN_STALE` where it is not the state that the plan was made on.
 */
export async function priorFor(ports: EnginePorts, { plan, request }: SavedPlan): Promise<Snapshot> {
  const { world, stack, env, lineage, serial } = plan;
  refuseOtherPlace(world, await ports.driver.world());
  const { snapshot } = await readPrior(ports);
  if (snapshot === undefined) {
    if (serial > 0) throw staleFile([{ subject: "state", what: "is gone" }], request);
    return emptySnapshot({ stack, env, world, lineage });
  }
  refuseOtherWorld(snapshot.world, world);
  const isThis = snapshot.lineage === lineage && snapshot.stack === stack && snapshot.env === env;
  const what = "is another one, or was begun by another run meanwhile";
  if (!isThis) throw staleFile([{ subject: "state", what }], request);
  return snapshot;
}

/** A plan over which runs died, and who can load its stack. */
interface Resumed {
  readonly saved: SavedPlan;
  readonly unfinished: UnfinishedPlan;
}

/** Who is told, and what a plan is finished with. */
interface Resuming {
  readonly loadStack: () => Promise<Stack>;
  readonly onNotice: (notice: string) => void;
  readonly stopStarting?: AbortSignal;
}

/**
 * What is left of a plan over which a run died: planned anew from the same stack, and refused (`ORB_PLAN_STALE`) where it would
 * do more than was approved, or where something is neither as it was nor as these runs left it.
 */
export async function resumed(
  ports: EnginePorts,
  { saved, unfinished }: Resumed,
  { loadStack, onNotice, stopStarting }: Resuming,
): Promise<Planned> {
  const { plan, request } = saved;
  const stack = await loadStack();
  if (stackDigest(stack.value, ports.digest) !== saved.stack.digest)
    throw staleFile(
      [{ subject: `stack ${saved.stack.file}`, what: "is another one than the plan was made of" }],
      request,
    );
  const left: Left = { done: new Set(unfinished.done), begun: new Set(unfinished.begun) };
  const found = await unmoved(ports, { saved, stack, left }, stopStarting);
  const declared = new Set(stack.value.resources.map(({ address }) => address));
  const asked = requestLeft(saved, found.touched, { prior: found.prior, declared, left });
  if (asked === undefined) return { ...nothingLeft(saved), stack, prior: found.prior, live: found.live };
  const again = await replanned(ports, stack, { saved, asked, left, onNotice, ...(stopStarting && { stopStarting }) });
  // A machine may have been waited for, and what was not begun was not to change meanwhile either.
  await unmoved(ports, { saved, stack, left }, stopStarting);
  const beyond = [
    ...changedSince({ approved: plan, present: again.plan, prior: again.prior, left }),
    ...beyondApproved(plan, again.plan),
    ...leftStanding(plan, again.plan, { live: again.live, left }),
  ];
  if (beyond.length > 0) throw staleFile(beyond, request);
  const allGone = again.plan.allGone && !isAllTakenAway(plan, again.prior, left);
  return { ...again, plan: { ...again.plan, allGone }, digest: saved.digest };
}

interface Replanning extends Omit<Resuming, "loadStack"> {
  readonly saved: SavedPlan;
  readonly asked: PlanRequest;
  readonly left: Left;
}

/** Plans what is left. Where a successor was announced and never came, what was to be replaced still is to be. */
async function replanned(
  ports: EnginePorts,
  stack: Stack,
  { saved, asked, left, ...told }: Replanning,
): Promise<Planned> {
  const again = await planSettled(ports, stack, { ...told, plan: asked });
  const standing = new Set(
    leftStanding(saved.plan, again.plan, { live: again.live, left }).map(({ address }) => address),
  );
  const replace = saved.request.replace.filter((each) => standing.has(each));
  if (replace.length === 0) return again;
  return await planSettled(ports, stack, { ...told, plan: { ...asked, replace: [...asked.replace, ...replace] } });
}

interface TakingUp {
  readonly saved: SavedPlan;
  readonly stack: Stack;
  readonly left: Left;
}

/** What there is, where all that a plan rests on is as it was, or as its runs can have made it. Error: `ORB_PLAN_STALE`. */
async function unmoved(ports: EnginePorts, { saved, stack, left }: TakingUp, signal: AbortSignal | undefined) {
  const { plan, facts, request } = saved;
  const prior = await priorFor(ports, saved);
  const touched = withPlanned(touchedBy(plan, prior, []), facts);
  const { live, present } = await lookAgain(ports, { saved, prior, touched }, signal);
  const planned = factsOnceBegun(facts, plan, { present, prior, left });
  const moved = [
    ...differencesIn(plan, { planned, present, machines: live.machines }),
    ...stackDifferences(saved, stack.value, ports.hashText),
  ];
  if (moved.length > 0) throw staleFile(moved, request);
  return { prior, touched, live };
}

/** Nothing of it is there any more; its outputs are still to be written. */
function nothingLeft({ plan, policy, digest }: SavedPlan): Pick<Planned, "plan" | "digest" | "policy" | "notices"> {
  const nothing = { changes: [], actions: [], refreshed: {}, settled: {}, drift: [] };
  return { plan: { ...plan, ...nothing }, digest, policy, notices: [] };
}
