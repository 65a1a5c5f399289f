/**
 * Plans that are kept and applied later: what a plan rests on is written down with it, looked at again before anything is
 * done, and exactly the plan is carried out, or nothing is.
 */
import { carryOut } from "./engine-carry-out.ts";
import { lockWithin, recover } from "./engine-lock.ts";
import { refuseDenied } from "./engine-policy.ts";
import { lookAgain, priorFor, resumed } from "./engine-resume.ts";
import type { ActionResult } from "./execute/carry-out.ts";
import type { Applied, CarryOut, EnginePorts, LockRequest, Planned, PlanRequest, Stack } from "./engine-types.ts";
import { lookCloser } from "./live/closer-look.ts";
import { isOrbformError } from "./model/errors.ts";
import type { JsonObject } from "./model/json.ts";
import { factsOf } from "./plan/plan-facts.ts";
import { stackDigest, withoutSecrets } from "./plan/plan-digest.ts";
import { refuseAllGone, refuseErrors } from "./plan/refuse.ts";
import { staleFile, staleOnceApplied } from "./plan/refuse-kept.ts";
import { decodeSavedPlan, encodeSavedPlan, SAVED_FORMAT, type SavedPlan } from "./plan/saved-plan.ts";
import { needsStack as plansNeedStack, stackDifferences, withArchivesOf } from "./plan/stack-differences.ts";
import { secretDigests } from "./plan/secret-digests.ts";
import { differencesIn, withoutMoved } from "./plan/stale.ts";
import { touchedBy } from "./plan/touched.ts";
import { desiredIn, watchedIn, withPlanned } from "./plan/watched.ts";
import { digest, hashText } from "./state/digest.ts";
import { isNoted, keepUnfinished, noteEnd, writtenBy, type UnfinishedPlan } from "./state/unfinished.ts";

export type { SavedPlan } from "./plan/saved-plan.ts";

/** A plan file's text: `shown` is what other tools read. */
export function encodePlanFile(saved: SavedPlan, shown: JsonObject): string {
  return encodeSavedPlan(saved, shown, hashText);
}

/** Reads a plan file; `where` is its path. Errors: `ORB_PLAN_UNREADABLE`, `ORB_PLAN_NEWER`. */
export function decodePlanFile(text: string, where: string): SavedPlan {
  return decodeSavedPlan(text, where, { hashText, digest });
}

/** Whether applying it takes anything from the stack, or from files beside it. */
export function needsStack({ plan }: SavedPlan): boolean {
  return plansNeedStack(plan);
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
  const { prior, live, stack, policy } = planned;
  const plan = withoutSecrets(planned.plan);
  const { signal: _signal, ...request } = from.request;
  const touched = touchedBy(plan, prior, stack.value.resources);
  const own = stack.value.resources.filter(({ address }) => touched.own.has(address));
  const seen = await lookCloser(ports, { boots: touched.worked, addresses: touched.addressed });
  return {
    format: SAVED_FORMAT,
    version: from.version,
    madeAt: new Date(ports.clock.now()).toISOString(),
    digest: planned.digest,
    stack: {
      file: from.file,
      digest: stackDigest(stack.value, ports.digest),
      secrets: secretDigests(own, { host: plan.world.host, stack: plan.stack, hash: ports.hashText }),
    },
    request,
    watched: watchedIn(plan, touched, stack.value),
    facts: factsOf(plan, touched, { prior, live, digest: ports.digest, hashText: ports.hashText, ...seen }),
    policy,
    notices: planned.notices,
    plan,
  };
}

/** How a kept plan is applied. */
export interface ApplySavedRequest extends CarryOut, LockRequest {
  readonly recreateAll: boolean;
  readonly onPlan: (planned: Planned) => void | Promise<void>;
  readonly onNotice: (notice: string) => void;
  /** Loads the stack: for what stands in no plan, and to finish what a run that died began. */
  readonly loadStack: () => Promise<Stack>;
}

/**
 * Carries out a kept plan, exactly, or nothing of it. After a run of this very plan that ended early: what is left of it. Asks
 * nobody: naming the file is the approval. Errors: `ORB_STATE_LOCKED`, `ORB_PLAN_STALE` naming everything the plan rests on
 * that is another now, `ORB_ALL_GONE`, `ORB_POLICY_DENIED` where a policy denied it when it was made, the plan's first error.
 * After any of these no machine was touched.
 */
export async function applySaved(ports: EnginePorts, saved: SavedPlan, request: ApplySavedRequest): Promise<Applied> {
  const { disk, paths } = ports;
  const lock = await lockWithin(ports, request);
  try {
    const serial = (await ports.backend.read())?.serial ?? 0;
    const unfinished = await keepUnfinished(ports, { plan: saved.digest, lineage: saved.plan.lineage, serial });
    await recover(ports, { tell: request.onNotice, signal: request.stopStarting });
    if (unfinished === undefined && (await isApplied(ports, saved))) throw staleFile([APPLIED], saved.request);
    const planned = await (unfinished === undefined
      ? restored(ports, saved, request)
      : resumed(ports, { saved, unfinished }, request));
    await request.onPlan(planned);
    refuseErrors(planned.plan.diagnostics);
    await refuseDenied(planned.policy);
    refuseAllGone(planned.plan, { recreateAll: request.recreateAll, canAsk: false });
    const applied = await carryOut(ports, planned, request);
    if (request.stopWaiting?.aborted !== true) await noteEnd(disk, paths, endOf(applied, saved, unfinished));
    return applied;
  } catch (error) {
    throw await withApplied(ports, saved, error);
  } finally {
    // After a second interrupt work may still be under way: the lock stays, and the next run takes it over.
    if (request.stopWaiting?.aborted !== true) await lock.release();
  }
}

/** What a run came to, with what those before it did. */
function endOf({ planned, results, snapshot }: Applied, saved: SavedPlan, before: UnfinishedPlan | undefined) {
  const ends = planned.plan.actions.map(({ id, address }) => ({ id, address, result: results.get(id) }));
  const done = ends.filter(({ result }) => result?.status === "succeeded").map(({ id }) => id);
  const begun = ends.filter(({ result }) => result !== undefined && isBegun(result)).map(({ address }) => address);
  return {
    plan: saved.digest,
    lineage: snapshot.lineage,
    serial: snapshot.serial,
    done: [...new Set([...(before?.done ?? []), ...done])],
    begun: [...new Set([...(before?.begun ?? []), ...begun])],
    isWhole: done.length === ends.length,
  };
}

/** What was refused as stale has done nothing. */
function isBegun(result: ActionResult): boolean {
  return result.status !== "skipped" && !(result.status === "failed" && result.problem.code === "ORB_PLAN_STALE");
}

const APPLIED = { subject: "state", what: "was written by this plan" };

/** Whether it was applied, where that leaves the state as it was, so that nothing else tells: it only chooses the default machine. */
async function isApplied({ disk, paths }: EnginePorts, { digest, plan }: SavedPlan): Promise<boolean> {
  if (plan.actions.some(({ kind }) => kind !== "set-default")) return false;
  const serial = await writtenBy(disk, paths, digest);
  return serial !== undefined && !(await isNoted(disk, paths, { plan: digest, lineage: plan.lineage }));
}

/** A plan that is stale since it was applied is told so. */
async function withApplied({ disk, paths }: EnginePorts, { digest, plan }: SavedPlan, error: unknown) {
  if (!isOrbformError(error) || error.code !== "ORB_PLAN_STALE") return error;
  const serial = await writtenBy(disk, paths, digest);
  if (serial === undefined) return error;
  return staleOnceApplied(error, {
    serial,
    isPart: await isNoted(disk, paths, { plan: digest, lineage: plan.lineage }),
  });
}

/** The plan as it was made, where everything that it rests on is as it was. */
async function restored(ports: EnginePorts, saved: SavedPlan, request: ApplySavedRequest): Promise<Planned> {
  const { plan, facts, policy } = saved;
  const prior = await priorFor(ports, saved);
  const touched = withPlanned(touchedBy(plan, prior, []), facts);
  const { live, present, notices } = await lookAgain(ports, { saved, prior, touched }, request.stopStarting);
  const elsewhere = needsStack(saved);
  const stack = elsewhere ? await request.loadStack() : { value: desiredIn(saved), diagnostics: [] };
  const differences = [
    ...differencesIn(plan, { planned: facts, present, machines: live.machines }),
    ...(elsewhere ? stackDifferences(saved, stack.value, ports.hashText) : []),
  ];
  if (differences.length > 0) throw staleFile(differences, saved.request);
  const moved = withoutMoved(plan, prior, { planned: facts, present });
  return { plan: withArchivesOf(moved, stack.value), digest: saved.digest, stack, prior, live, policy, notices };
}
