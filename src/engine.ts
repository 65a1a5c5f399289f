/**
 * The engine: every stage of the data path in order. Read this first.
 *
 *   stack → desired → (prior, live) → plan → approve → journal → execute → snapshot
 *
 * Deciding is pure (`plan`); everything here either reads what it decides from or carries out what it decided.
 */
import {
  PLAIN_REQUEST,
  type AdoptAllCall,
  type AdoptCall,
  type Applied,
  type ApplyRequest,
  type EditPorts,
  type EnginePorts,
  type Planned,
  type PlanRequest,
  type Stack,
} from "./engine-types.ts";
import { carryOut } from "./engine-carry-out.ts";
import { lockWithin, recover } from "./engine-lock.ts";
import { judge, refuseDenied } from "./engine-policy.ts";
import { claimNew, releaseOld } from "./execute/reconcile-claims.ts";
import { observe } from "./live/observe.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { onlyAdoption } from "./plan/adopt-only.ts";
import { withDigest } from "./plan/plan-digest.ts";
import { awaitsMachine } from "./plan/awaits-machine.ts";
import { isEmpty } from "./plan/is-empty.ts";
import { plan } from "./plan/plan.ts";
import {
  interrupted,
  notApproved,
  refuseAllGone,
  refuseErrors,
  refuseOtherWorld,
  staleBetween,
} from "./plan/refuse.ts";
import { readPrior } from "./state/read-prior.ts";
import { emptySnapshot } from "./state/empty-snapshot.ts";
import { nothingApplied } from "./state/snapshot-errors.ts";
import { readDurations } from "./state/timings.ts";

export type { AdoptCall, Applied, ApplyRequest, EnginePorts, Planned, PlanRequest, Stack } from "./engine-types.ts";

/**
 * Compares a stack with what exists. Reads only: no lock, no write. Errors: those of the driver and the backend,
 * `ORB_OTHER_WORLD`, and `ORB_INTERRUPTED`; mistakes of the stack are diagnostics of the plan.
 */
export async function planStack(ports: EnginePorts, stack: Stack, request: PlanRequest): Promise<Planned> {
  const desired = stack.value;
  const { signal, untrusted, ...options } = request;
  const world = await ports.driver.world();
  const found = await readPrior(ports);
  const { stack: name, env } = desired;
  const prior = found.snapshot ?? emptySnapshot({ stack: name, env, world, lineage: ports.newLineage() });
  refuseOtherWorld(prior.world, world);
  const notices: string[] = [];
  const live = await observe({
    driver: ports.driver,
    clock: ports.clock,
    desired,
    prior,
    hashText: ports.hashText,
    readClaims: (ids) => ports.claims.readMany(ids),
    lookAtArchives: (asked, ended) => ports.archives.look(asked, ended),
    warn: (notice) => notices.push(notice),
    ...(signal && { signal }),
    ...(untrusted !== undefined && { untrusted }),
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? interrupted(error) : error;
  });
  const durations = await readDurations(ports.disk, ports.paths.timings);
  const made = plan({ desired, prior, live, durations, options, digest: ports.digest, hashText: ports.hashText });
  const whole = { ...made, diagnostics: [...stack.diagnostics, ...made.diagnostics] };
  const judged = await judge({ plan: whole, desired, prior, live }, stack.policies);
  return withDigest({ ...judged, stack, prior, live, notices }, ports.digest);
}

/**
 * Makes live what the stack says: lock, recover, plan, approve, observe again if somebody was asked, carry out, write the
 * snapshot. Errors: `ORB_STATE_LOCKED`, `ORB_PLAN_STALE` where the world moved while the question stood,
 * `ORB_ALL_GONE`, `ORB_NOT_APPROVED`, `ORB_POLICY_DENIED`, the plan's first error, and what planning can throw. After any of these no machine
 * was touched.
 */
export async function applyStack(ports: EnginePorts, stack: Stack, request: ApplyRequest): Promise<Applied> {
  const lock = await lockWithin(ports, request);
  try {
    await recover(ports, { tell: request.onNotice, signal: request.stopStarting });
    const planned = await planSettled(ports, stack, request);
    await request.onPlan(planned);
    refuseErrors(planned.plan.diagnostics);
    await refuseDenied(planned.policy);
    refuseAllGone(planned.plan, { recreateAll: request.recreateAll, canAsk: request.approve !== undefined });
    const approved = await approve(ports, planned, request);
    return await carryOut(ports, approved, request);
  } finally {
    // After a second interrupt work may still be under way: the lock stays, and the next run takes it over.
    if (request.stopWaiting?.aborted !== true) await lock.release();
  }
}

const LOOK_AGAIN_MS = 2000;

/** Plans; where a dead run's machine may still appear, again and again until it has or its time is over. */
export async function planSettled(
  ports: EnginePorts,
  stack: Stack,
  request: Pick<ApplyRequest, "plan" | "stopStarting" | "onNotice">,
): Promise<Planned> {
  const signal = request.stopStarting;
  let told = false;
  for (;;) {
    const planned = await planStack(ports, stack, interruptible(request));
    if (!awaitsMachine(planned.plan, planned.prior) || signal?.aborted === true) return planned;
    if (!told) request.onNotice("An earlier run began to make a machine that may still appear. Waiting for it.");
    told = true;
    await ports.clock.sleep(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
}

/** What is asked of the planner, and the interrupt that ends its waits; one that has come already lets it look once. */
function interruptible({
  plan: asked,
  stopStarting: signal,
}: Pick<ApplyRequest, "plan" | "stopStarting">): PlanRequest {
  return signal?.aborted === false ? { ...asked, signal } : asked;
}

/** Asks, where somebody is to be asked, and makes sure that the world has not moved while the question stood. */
async function approve(ports: EnginePorts, planned: Planned, request: ApplyRequest): Promise<Planned> {
  if (request.approve === undefined || isEmpty(planned.plan)) return planned;
  if (!(await request.approve(planned))) throw notApproved(planned.plan);
  // Time passed while the question stood: what was approved is applied, or nothing is.
  const sameLineage = { ...ports, newLineage: () => planned.prior.lineage };
  const again = await planStack(sameLineage, planned.stack, interruptible(request));
  if (again.digest !== planned.digest) throw staleBetween(planned.plan, again.plan);
  refuseErrors(again.plan.diagnostics);
  await refuseDenied(again.policy);
  return again;
}

/**
 * Takes one existing machine into state and does nothing to it. Errors: as {@link applyStack}, and `ORB_ADOPT_REFUSED`
 * where the next plan would replace or delete it.
 */
export async function adoptMachine(ports: EnginePorts, stack: Stack, call: AdoptCall): Promise<Applied> {
  const { address, name, allowReplace } = call;
  const request = { ...PLAIN_REQUEST, targets: [address], adopt: [{ address, name }], allowReplace };
  const lock = await lockWithin(ports, { ...call, operation: "adopt" });
  try {
    await recover(ports, { tell: call.onNotice, signal: call.stopStarting });
    // No machine is touched; the apply that comes next is judged.
    const planned = await planStack(ports, { ...stack, policies: [] }, request);
    refuseErrors(planned.plan.diagnostics);
    const adopting = adoptingOnly(planned, address);
    await call.onPlan(adopting);
    return await carryOut(ports, adopting, { ...call, failFast: true });
  } finally {
    await lock.release();
  }
}

function adoptingOnly(planned: Planned, address: AdoptCall["address"]): Planned {
  const only = onlyAdoption(planned.plan, address);
  const none = `Nothing to adopt: ${address} is in the state already.`;
  return { ...planned, plan: only, notices: [...planned.notices, ...(only.actions.length === 0 ? [none] : [])] };
}

/**
 * Takes into state, in one run, every machine of the stack that is not in it and whose name there is. All or nothing: the
 * plan names each that is refused, and then none is taken. Errors: as {@link adoptMachine}.
 */
export async function adoptAll(ports: EnginePorts, stack: Stack, call: AdoptAllCall): Promise<Applied> {
  const lock = await lockWithin(ports, { ...call, operation: "adopt" });
  try {
    await recover(ports, { tell: call.onNotice, signal: call.stopStarting });
    const { adoptEvery } = await import("./engine-adopt-all.ts");
    const adopting = adoptEvery(ports, await planStack(ports, stack, PLAIN_REQUEST), call);
    await call.onPlan(adopting);
    refuseErrors(adopting.plan.diagnostics);
    return await carryOut(ports, adopting, { ...call, failFast: true });
  } finally {
    await lock.release();
  }
}

/** Changes the snapshot by hand (`orb state mv|rm|mark`, `orb adopt`): lock, recover, edit, write. Touches no machine. */
export async function editState(
  ports: EditPorts,
  operation: string,
  edit: (snapshot: Snapshot) => Snapshot | Promise<Snapshot>,
): Promise<Snapshot> {
  const lock = await ports.backend.lock(operation);
  try {
    await recover(ports, { tell: () => undefined });
    const before = await ports.backend.read();
    if (before === undefined) throw nothingApplied(ports.backend.location);
    const after = { ...(await edit(before)), serial: before.serial + 1 };
    await claimNew(ports.claims, { before, after });
    await ports.backend.write(after, before.serial);
    await releaseOld(ports.claims, { before, after });
    return after;
  } finally {
    await lock.release();
  }
}
