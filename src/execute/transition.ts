/** How a resource's state changes with what was done to it. Pure: what was observed comes in, the next state goes out. */
import { isSettled, type MachineDetails, type MachineSettings } from "../model/machine.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { MachineInputs, MachineResource, PendingIntent } from "../model/snapshot.ts";
import type { Readiness } from "./ready.ts";
import { alone } from "../model/succession.ts";
import { pick, provablyDiffering } from "./settings.ts";

/** What a stack asks of a machine, as it is put into state. */
export interface Asked {
  readonly settled: DesiredMachine;
  readonly inputs: MachineInputs;
}

const NEVER_STARTED = { reason: "interrupted", detail: "It has not been ready yet." } as const;

/** A machine is on its way. One that stands at the address already (its successor is made first) stays what it is. */
export function onItsWay(before: MachineResource | undefined, asked: Asked, pending: PendingIntent): MachineResource {
  if (before?.id !== undefined) return { ...before, pending: { ...pending, inputs: asked.inputs } };
  return {
    type: "machine",
    revision: before?.revision ?? 0,
    lifecycle: asked.settled.lifecycle,
    dependencies: asked.settled.dependencies,
    name: pending.name,
    inputs: asked.inputs,
    made: {},
    seen: { settings: {}, power: "stopped", image: { distro: "", version: "", arch: "", variant: "" } },
    status: "unready",
    unready: NEVER_STARTED,
    ...(before?.deposed === undefined ? {} : { deposed: before.deposed }),
    pending,
  };
}

/** A machine was made, or taken in. A predecessor at the address is deposed. It is unready until it is probed. */
export function made(before: MachineResource | undefined, asked: Asked, details: MachineDetails): MachineResource {
  const older = before?.id === undefined || before.id === details.id ? undefined : before;
  const deposed = [
    ...(before?.deposed ?? []),
    ...(older?.id === undefined ? [] : [{ id: older.id, name: older.name, was: alone(older) }]),
  ];
  return {
    type: "machine",
    revision: (before?.revision ?? 0) + 1,
    lifecycle: asked.settled.lifecycle,
    dependencies: asked.settled.dependencies,
    id: details.id,
    name: details.name,
    inputs: asked.inputs,
    made: details.settings,
    seen: seenOf(details),
    status: "unready",
    unready: NEVER_STARTED,
    ...(deposed.length === 0 ? {} : { deposed }),
  };
}

/** What was seen of a machine after something was done to it. Settings that a look left out are as they were. */
export function observed(before: MachineResource, details: MachineDetails): MachineResource {
  const settings = { ...before.seen.settings, ...details.settings };
  const seen = { ...seenOf(details, before), settings };
  return { ...before, revision: before.revision + 1, name: details.name, seen };
}

/** It was stopped or started: a change that waited for that has taken effect, and power changed on the way is given back. */
export function repowered(before: MachineResource, details: MachineDetails): MachineResource {
  const { restartPending: _pending, returnTo, ...rest } = before;
  const next = observed(rest, details);
  return returnTo === undefined || returnTo === details.state ? next : { ...next, returnTo };
}

/** Power is changed on the way, and is to be given back. */
export function toReturn(before: MachineResource, returnTo: "running" | "stopped"): MachineResource {
  return { ...before, returnTo };
}

/** Its settings were set. What OrbStack gave where it was asked for more is kept beside what was asked. */
export function configured(before: MachineResource, details: MachineDetails, asked: MachineSettings): MachineResource {
  const { clamped: earlier = {}, ...rest } = before;
  const kept = pick(earlier, (key) => asked[key] === undefined);
  const clamped = { ...kept, ...clampedOf(asked, details.settings) };
  const next = observed(rest, details);
  return Object.keys(clamped).length === 0 ? next : { ...next, clamped };
}

/** It has settings that its next start brings into effect. */
export function awaitingRestart(before: MachineResource): MachineResource {
  return { ...before, restartPending: true };
}

/** It shares the identity of what it was made from until it is given its own. */
export function owingIdentity(before: MachineResource): MachineResource {
  return before.inputs.identity === "fresh" ? { ...before, identityOwed: true } : before;
}

/** It was given an identity of its own. */
export function withIdentity(before: MachineResource): MachineResource {
  const { identityOwed: _owed, ...rest } = before;
  return rest;
}

/** What came of waiting for it. */
export function probed(before: MachineResource, readiness: Readiness): MachineResource {
  const { unready: _unready, ...rest } = before;
  if (readiness.status === "ready") return { ...rest, status: "ready" };
  return { ...rest, status: "unready", unready: { reason: readiness.reason, detail: readiness.detail } };
}

/** It ends stopped: it isn't booted to be checked. */
export function unprobed(before: MachineResource): MachineResource {
  const { unready: _unready, ...rest } = before;
  return { ...rest, status: "ready" };
}

/** It stands under the name it is deleted by. `id` may be a predecessor's. */
export function halfDeleted(before: MachineResource, id: string, name: string): MachineResource {
  if (before.id === id) return { ...before, name, halfDeleted: name };
  const deposed = before.deposed?.map((each) => (each.id === id ? { ...each, name } : each));
  return deposed === undefined ? before : { ...before, deposed };
}

/** A predecessor is gone. */
export function withoutDeposed(before: MachineResource, id: string): MachineResource {
  const { deposed = [], ...rest } = before;
  const left = deposed.filter((each) => each.id !== id);
  const next = { ...rest, revision: before.revision + 1 };
  return left.length === 0 ? next : { ...next, deposed: left };
}

/** All that was planned for it is done: this is what the stack asks of it now. */
export function settledMachine(before: MachineResource, asked: Asked): MachineResource {
  const { lifecycle, dependencies, power } = asked.settled;
  // Its making was interrupted before it answered: as it is to be stopped now, nobody will ever wait for that.
  const isUnawaited = power === "stopped" && before.unready !== undefined && before.unready.reason !== "failed";
  return { ...(isUnawaited ? unprobed(before) : before), lifecycle, dependencies, inputs: asked.inputs };
}

function seenOf(details: MachineDetails, before?: MachineResource): MachineResource["seen"] {
  const power = isSettled(details.state) ? details.state : (before?.seen.power ?? details.state);
  // Not every look tells every setting.
  return { settings: { ...before?.seen.settings, ...details.settings }, power, image: details.image };
}

function clampedOf(asked: MachineSettings, got: MachineSettings): MachineSettings {
  const different = provablyDiffering(asked, got);
  return pick(got, (key) => different[key] !== undefined);
}
