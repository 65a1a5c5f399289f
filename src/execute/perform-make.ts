import type { CloneAction, CreateAction, RestoreAction } from "../model/action.ts";
import type { MachineDetails, MachineName, MachineSettings } from "../model/machine.ts";
import type { MachineResource, PendingIntent } from "../model/snapshot.ts";
import type { Operation } from "../driver/driver.ts";
import { DriverError } from "../driver/errors.ts";
import { askedOf, safeName } from "./asked.ts";
import { setSettings } from "./correct-settings.ts";
import type { Done } from "./done.ts";
import { refused, stale } from "./failure.ts";
import { untilFree } from "./inside-free.ts";
import { canBeOurs, looksLikeOurs } from "./identity.ts";
import { makeReady, probePorts } from "./make-ready.ts";
import { findIn } from "./poller.ts";
import { answersNow } from "./ready.ts";
import { idOf } from "./run.ts";
import { BIRTH_DEFAULTS, differing, needsRestart, provablyDiffering, resolveSettings } from "./settings.ts";
import type { Step } from "./step.ts";
import { WATCH_CREATE_AFTER_MS, type Sight } from "./supervise.ts";
import {
  awaitingRestart,
  configured,
  made,
  observed,
  onItsWay,
  owingIdentity,
  repowered,
  unprobed,
  type Asked,
} from "./transition.ts";

/** Makes a machine from an image: created, settings as promised, ready. */
export async function performCreate(step: Step<CreateAction>): Promise<Done> {
  const { action } = step;
  const settings = resolveSettings(action.settings, await step.lookup(Object.values(action.settings)));
  const machine = await make(step, { expected: expectedOf(action, settings), operation: () => create(step, settings) });
  // Asked for and not to be read back: set again, which changes nothing where it was a flag of `create`.
  const promised = { ...provablyDiffering(BIRTH_DEFAULTS, machine.details.settings), ...settings };
  const wrong = differing(promised, machine.details.settings);
  // Once they are set, nothing shows any more that it runs without them.
  if (machine.details.state === "running" && needsRestart(wrong)) step.keep(awaitingRestart(machine.state));
  const { details, restartNeeded } = await setSettings(step, machine.details, wrong);
  const state = configured(observed(machine.state, details), details, settings);
  const born = { ...state, made: details.settings, revision: machine.state.revision };
  const waits = details.state === "running" && (restartNeeded || born.restartPending === true);
  const kept = waits ? awaitingRestart(born) : born;
  step.keep(kept);
  return await finishCreate(step, { details, state: kept });
}

/** Makes a machine from another: born stopped, with the source's settings and whatever a deleted name left behind. */
export async function performClone(step: Step<CloneAction>): Promise<Done> {
  const { action, run } = step;
  const id = idOf(run, action.source);
  const source = id && (await step.settled({ id }, { settings: true }));
  if (!source) throw stale(action.address, "The machine it is to be cloned from is gone.");
  if (source.state === "running") await untilFree(step, source.id);
  const { distro, arch } = source.image;
  const user = source.settings.user === undefined ? {} : { user: source.settings.user };
  const operation = async (name: MachineName): Promise<Operation> => ({ verb: "clone", source: source.id, name });
  const machine = await make(step, { expected: { distro, arch, ...user }, operation });
  // What its source doesn't show, or is not to have, may be left behind by a deleted machine of its name.
  const promised = { ...provablyDiffering(BIRTH_DEFAULTS, machine.details.settings), ...source.settings };
  const { details } = await setSettings(step, machine.details, differing(promised, machine.details.settings));
  const state = { ...observed(machine.state, details), made: details.settings, revision: machine.state.revision };
  return { state: endsUnprobed(step) ? unprobed(state) : state };
}

/** Makes a machine from an archive. It has the settings it was exported with. */
export async function performRestore(step: Step<RestoreAction>): Promise<Done> {
  const { path } = step.action;
  const operation = async (name: MachineName): Promise<Operation> => ({ verb: "restore", path, name });
  const { state } = await make(step, { expected: {}, operation });
  return { state: endsUnprobed(step) ? unprobed(state) : state };
}

type MakeAction = CreateAction | CloneAction | RestoreAction;

interface Making {
  readonly expected: PendingIntent["expected"];
  readonly operation: (name: MachineName) => Promise<Operation>;
}

interface Made {
  readonly details: MachineDetails;
  readonly state: MachineResource;
}

/** Makes a machine once: a later attempt goes on with what an earlier one made, or looks for what it may have made. */
async function make(step: Step<MakeAction>, making: Making): Promise<Made> {
  const kept = keptMachine(step);
  if (kept) return { details: await step.target(kept.id, { settings: true }), state: kept };
  const asked = await askedOf(step);
  const name = safeName(step.action.name);
  const before = step.state?.type === "machine" ? step.state : undefined;
  const pending = pendingOf(step, making.expected);
  const found = step.isUncertain ? await findOurs(step, name, pending) : undefined;
  if (found) return keepMade(step, { before, asked, details: found });
  step.sawNothing();
  step.intend(onItsWay(before, asked, pending), pending);
  let seen: Sight | undefined;
  await step.operate(await making.operation(name), {
    look: async () => (seen = await makeSight(step, pending)),
    ...(step.action.kind === "create" ? { watchAfterMs: WATCH_CREATE_AFTER_MS } : {}),
  });
  const details = await step.settled({ name }, { settings: true });
  if (!details) throw vanished(name);
  // It is looked up by its name, which a moment is enough to give to another: OrbStack's word that ours is made is not all.
  const isOurs = seen === "done" ? looksLikeOurs : canBeOurs;
  if (!isOurs(details, pending, step.run.knownIds)) throw unclear(step, name);
  return keepMade(step, { before, asked, details });
}

/** What an earlier attempt made and saw. Not what is recorded: until the next intent that may be its predecessor. */
function keptMachine({ hasKept, fallback }: Step): MachineResource | undefined {
  return hasKept && fallback?.type === "machine" && fallback.id !== undefined ? fallback : undefined;
}

function keepMade(
  step: Step,
  born: { before: MachineResource | undefined; asked: Asked; details: MachineDetails },
): Made {
  const state = owingIdentity(made(born.before, born.asked, born.details));
  step.keep(state);
  return { details: born.details, state };
}

function pendingOf(step: Step<MakeAction>, expected: PendingIntent["expected"]): PendingIntent {
  const { kind, name, timeoutMs } = step.action;
  const before = step.attempt > 1 && step.state?.type === "machine" ? step.state.pending : undefined;
  // A machine of any attempt of this action is ours: the window begins with the first and ends with the last.
  const at = before?.at ?? step.now;
  // The ids known before stand in the journal's header once, not in every intent.
  return { action: kind, name, at, timeoutMs: step.now - at + 2 * timeoutMs, expected, knownIds: [] };
}

async function findOurs(step: Step, name: MachineName, pending: PendingIntent): Promise<MachineDetails | undefined> {
  step.waiting("answer");
  const machine = await step.settled({ name }, { settings: true });
  if (machine && !looksLikeOurs(machine, pending, step.run.knownIds)) throw unclear(step, name);
  return machine;
}

/** Somebody else may have made a machine of that name meanwhile: it is never taken for ours. */
async function makeSight(step: Step<MakeAction>, pending: PendingIntent): Promise<Sight> {
  const list = await step.run.poller.next();
  const machine = list && findIn(list, pending);
  if (!list) return "on its way";
  if (!machine || !looksLikeOurs(machine, pending, step.run.knownIds)) return "not done";
  if (machine.state === "stopped") return step.action.kind === "create" ? "not done" : "done";
  if (machine.state !== "running") return "on its way";
  return (await answersNow(probePorts(step), machine.id)) ? "done" : "on its way";
}

function expectedOf(action: CreateAction, settings: MachineSettings): PendingIntent["expected"] {
  const { distro, version, arch } = action;
  return {
    distro,
    ...(version === null ? {} : { version }),
    ...(arch === null ? {} : { arch }),
    ...(settings.user === undefined ? {} : { user: settings.user }),
  };
}

async function create(step: Step<CreateAction>, settings: MachineSettings): Promise<Operation> {
  const { name, distro, version, arch, cloudInit } = step.action;
  const text = cloudInit && (await step.resolve(cloudInit.text));
  const userDataPath = typeof text === "string" ? await step.run.ports.writeUserData(text) : undefined;
  return {
    verb: "create",
    name: safeName(name),
    distro,
    settings,
    ...(version === null ? {} : { version }),
    ...(arch === null ? {} : { arch }),
    ...(userDataPath === undefined ? {} : { userDataPath }),
  };
}

async function finishCreate(step: Step<CreateAction>, newborn: Made): Promise<Done> {
  const { ready, identity } = step.action;
  const { id } = newborn.details;
  let { details, state } = newborn;
  const restart = state.restartPending === true && details.state === "running";
  if (ready === null) return { state: endsUnprobed(step) ? unprobed(state) : state };
  // It is new: nothing inside can be lost by a restart that brings its settings into effect.
  if (restart || details.state === "stopped") {
    await step.operate({ verb: restart ? "restart" : "start", id }, { look: async () => "on its way" });
    details = await step.target(id, { settings: true });
    state = repowered(state, details);
  }
  return await makeReady(step, state, { ready, identity });
}

/** Nothing of this plan probes it: it ends stopped, or nobody asked for it to run. */
function endsUnprobed(step: Step): boolean {
  return !step.run.shape.probedLater.has(step.action.address);
}

function vanished(name: string): DriverError {
  return new DriverError("ORB_ACTION_FAILED", {
    summary: "The machine made is not there",
    detail: `OrbStack said that ${name} was made, but shows no such machine.`,
    hint: "Run `orb plan` to see what exists.",
    kind: "other",
    outcome: "unknown",
  });
}

function unclear(step: Step, name: string): DriverError {
  return refused("ORB_RECOVERY_UNCLEAR", {
    summary: "A machine of unclear origin",
    detail: `A machine named ${name} stands where one was to be made, and it can't be told to be the one. It was not touched.`,
    hint: `If it is yours, run \`orb adopt ${step.action.address} ${name}\`; else rename or delete it.`,
    address: step.action.address,
  });
}
