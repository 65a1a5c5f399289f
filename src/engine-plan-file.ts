/**
 * Plans that are kept and applied later: what a plan rests on is written down with it, looked at again before anything is
 * done, and exactly the plan is carried out, or nothing is.
 */
import { carryOut } from "./engine-carry-out.ts";
import { lockWithin, recover } from "./engine-lock.ts";
import { refuseDenied } from "./engine-policy.ts";
import { planSettled } from "./engine.ts";
import type { Applied, CarryOut, EnginePorts, LockRequest, Planned, PlanRequest, Stack } from "./engine-types.ts";
import { lookCloser, type CloserSeen } from "./live/closer-look.ts";
import { observe } from "./live/observe.ts";
import type { JsonObject } from "./model/json.ts";
import type { Plan } from "./model/plan.ts";
import { isDesiredInside, type DesiredInside } from "./model/resource.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { factsOf } from "./plan/plan-facts.ts";
import { stackDigest } from "./plan/plan-digest.ts";
import { refuseAllGone, refuseErrors, refuseOtherWorld, staleFile } from "./plan/refuse.ts";
import { beyondApproved, requestLeft, type Left } from "./plan/resume.ts";
import { decodeSavedPlan, encodeSavedPlan, SAVED_FORMAT, type SavedPlan } from "./plan/saved-plan.ts";
import { differencesIn, withoutMoved } from "./plan/stale.ts";
import { touchedBy, type Touched } from "./plan/touched.ts";
import { desiredIn, priorIn, watchedIn, withPlanned } from "./plan/watched.ts";
import { digest, hashText } from "./state/digest.ts";
import { emptySnapshot } from "./state/empty-snapshot.ts";
import { readJournal } from "./state/journal.ts";
import { readPrior } from "./state/read-prior.ts";

export type { SavedPlan } from "./plan/saved-plan.ts";

/** A plan file's text: `shown` is what other tools read. */
export function encodePlanFile(saved: SavedPlan, shown: JsonObject): string {
  return encodeSavedPlan(saved, shown, hashText);
}

/** Reads a plan file; `where` is its path. Errors: `ORB_PLAN_UNREADABLE`, `ORB_PLAN_NEWER`. */
export function decodePlanFile(text: string, where: string): SavedPlan {
  return decodeSavedPlan(text, where, { hashText, digest });
}

/** Where a plan comes from. */
export interface SaveRequest {
  readonly request: PlanRequest;
  /** The stack's file, seen from the project's folder. */
  readonly file: string;
  /** Of Orbform. */
  readonly version: string;
}

/** A plan with all that applying it later takes. Looks closer at the machines that it changes: one call for each that runs. */
export async function savePlan(ports: EnginePorts, planned: Planned, from: SaveRequest): Promise<SavedPlan> {
  const { plan, prior, live, stack, policy } = planned;
  const { signal: _signal, ...request } = from.request;
  const touched = touchedBy(plan, prior);
  const seen = await closer(ports, touched, planned);
  return {
    format: SAVED_FORMAT,
    version: from.version,
    madeAt: new Date(ports.clock.now()).toISOString(),
    digest: planned.digest,
    stack: { file: from.file, digest: stackDigest(stack.value, ports.digest) },
    request,
    watched: watchedIn(plan, touched, stack.value),
    facts: factsOf(plan, touched, { prior, live, ...hashes(ports), ...seen }),
    policy,
    plan,
  };
}

function closer(
  { driver }: EnginePorts,
  { worked, addressed }: Touched,
  { live }: Pick<Planned, "live">,
): Promise<CloserSeen> {
  return lookCloser(driver, live, { boots: worked, addresses: addressed });
}

function hashes(ports: EnginePorts) {
  return { digest: ports.digest, hashText: ports.hashText };
}

/** How a kept plan is applied. */
export interface ApplySavedRequest extends CarryOut, LockRequest {
  readonly recreateAll: boolean;
  readonly onPlan: (planned: Planned) => void | Promise<void>;
  readonly onNotice: (notice: string) => void;
  /** Loads the stack: for contents that stand in no plan, and to finish what a run that died began. */
  readonly loadStack: () => Promise<Stack>;
}

/**
 * Carries out a kept plan, exactly, or nothing of it. After a run that died over this very plan: what is left of it. Asks
 * nobody: naming the file is the approval. Errors: `ORB_STATE_LOCKED`, `ORB_PLAN_STALE` naming everything the plan rests on
 * that is another now, `ORB_ALL_GONE`, `ORB_POLICY_DENIED` where a policy denied it when it was made, the plan's first error.
 * After any of these no machine was touched.
 */
export async function applySaved(ports: EnginePorts, saved: SavedPlan, request: ApplySavedRequest): Promise<Applied> {
  const lock = await lockWithin(ports, request);
  try {
    const left = await leftOf(ports, saved);
    await recover(ports, { tell: request.onNotice, signal: request.stopStarting });
    const planned = await (left === undefined
      ? restored(ports, saved, request)
      : resumed(ports, { saved, left }, request));
    await request.onPlan(planned);
    refuseErrors(planned.plan.diagnostics);
    await refuseDenied(planned.policy);
    refuseAllGone(planned.plan, { recreateAll: request.recreateAll, canAsk: false });
    return await carryOut(ports, planned, request);
  } finally {
    // After a second interrupt work may still be under way: the lock stays, and the next run takes it over.
    if (request.stopWaiting?.aborted !== true) await lock.release();
  }
}

/** What the journal says of a run that died over this very plan; `undefined`: there was none. */
async function leftOf({ disk, paths }: EnginePorts, saved: SavedPlan): Promise<Left | undefined> {
  const records = (await readJournal(disk, paths.journal))?.records ?? [];
  const [header] = records;
  if (header?.kind !== "header" || header.planDigest !== saved.digest) return undefined;
  const done = records.flatMap((each) => (each.kind === "outcome" && each.result === "succeeded" ? [each.action] : []));
  return { done: new Set(done), known: new Set(header.knownIds) };
}

/** The plan as it was made, where everything that it rests on is as it was. */
async function restored(ports: EnginePorts, saved: SavedPlan, request: ApplySavedRequest): Promise<Planned> {
  const { plan, facts, policy } = saved;
  const prior = await priorFor(ports, plan);
  const touched = withPlanned(touchedBy(plan, prior), facts);
  const notices: string[] = [];
  const live = await observe({
    driver: ports.driver,
    clock: ports.clock,
    desired: desiredIn(saved),
    prior: priorIn(prior, touched),
    hashText: ports.hashText,
    readClaims: (ids) => ports.claims.readMany(ids),
    lookAtArchives: (asked, ended) => ports.archives.look(asked, ended),
    warn: (notice) => notices.push(notice),
    ...(request.stopStarting?.aborted === false && { signal: request.stopStarting }),
  });
  const seen = await closer(ports, touched, { live });
  const present = factsOf(plan, touched, { prior, live, ...hashes(ports), ...seen });
  const differences = differencesIn(plan, touched, { planned: facts, present, machines: live.machines });
  if (differences.length > 0) throw staleFile(differences);
  const stack = needsStack(plan) ? await request.loadStack() : { value: desiredIn(saved), diagnostics: [] };
  return {
    plan: withoutMoved(plan, touched, { planned: facts, present }),
    digest: saved.digest,
    stack,
    prior,
    live,
    policy,
    notices,
  };
}

/** Before the first apply there is no state; the plan began one. */
async function priorFor(ports: EnginePorts, { world, stack, env, lineage, serial }: Plan): Promise<Snapshot> {
  refuseOtherWorld(world, await ports.driver.world());
  const { snapshot } = await readPrior(ports);
  if (snapshot === undefined) {
    if (serial > 0) throw staleFile([{ subject: "state", what: "is gone" }]);
    return emptySnapshot({ stack, env, world, lineage });
  }
  refuseOtherWorld(snapshot.world, world);
  if (serial > 0 && snapshot.lineage !== lineage)
    throw staleFile([{ subject: "state", what: "is another one: its lineage is not that of the plan" }]);
  return snapshot;
}

/** Contents that nobody may see, or that are very long, stand in the stack only. */
function needsStack({ settled }: Plan): boolean {
  return Object.values(settled).some((each) => isDesiredInside(each) && isElsewhere(each));
}

function isElsewhere({ sensitive, properties }: DesiredInside): boolean {
  return sensitive || ("digest" in properties && !("source" in properties));
}

interface Interrupted {
  readonly saved: SavedPlan;
  readonly left: Left;
}

/** What is left of a plan over which a run died: planned anew, and refused where it would do more than was approved. */
async function resumed(ports: EnginePorts, { saved, left }: Interrupted, request: ApplySavedRequest): Promise<Planned> {
  const { plan } = saved;
  const prior = await priorFor(ports, plan);
  const touched = touchedBy(plan, prior);
  const stack = await request.loadStack();
  if (stackDigest(stack.value, ports.digest) !== saved.stack.digest)
    throw staleFile([{ subject: `stack ${saved.stack.file}`, what: "is another one than the plan was made of" }]);
  const declared = new Set(stack.value.resources.map(({ address }) => address));
  const asked = requestLeft(saved, touched, { prior, declared, left });
  if (asked === undefined) return await nothingLeft(ports, saved, { prior, stack });
  const { stopStarting, onNotice } = request;
  const planned = await planSettled(ports, stack, { plan: asked, onNotice, ...(stopStarting && { stopStarting }) });
  const beyond = beyondApproved(plan, planned.plan, { own: touched.own, left });
  if (beyond.length > 0) throw staleFile(beyond);
  return { ...planned, digest: saved.digest };
}

async function nothingLeft(
  ports: EnginePorts,
  { plan, policy, ...saved }: SavedPlan,
  { prior, stack }: Pick<Planned, "prior" | "stack">,
): Promise<Planned> {
  const live = await observe({
    driver: ports.driver,
    clock: ports.clock,
    desired: { ...stack.value, resources: [] },
    prior,
    hashText: ports.hashText,
    readClaims: () => Promise.resolve({}),
    lookAtArchives: (asked, ended) => ports.archives.look(asked, ended),
    warn: () => undefined,
  });
  const nothing = { changes: [], actions: [], refreshed: {}, settled: {}, outputChanges: [], drift: [] };
  return { plan: { ...plan, ...nothing }, digest: saved.digest, stack, prior, live, policy, notices: [] };
}
