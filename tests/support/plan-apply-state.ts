/** What applying an action makes of the state of its resource, as plan-apply.ts needs it. */
import type { SettingAction } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import { archiveInputs } from "../../src/model/archive-inputs.ts";
import type { InsideFacts, InsideWish, PathRights } from "../../src/model/inside.ts";
import { seenFor, settledInside } from "../../src/model/inside-kept.ts";
import { insideWish } from "../../src/model/inside-wish.ts";
import type { Json } from "../../src/model/json.ts";
import type { MachineFacts, MachineSettings } from "../../src/model/machine.ts";
import { machineInputs } from "../../src/model/machine-inputs.ts";
import {
  isDesiredInside,
  type DesiredArchive,
  type DesiredMachine,
  type DesiredResource,
  type DesiredSetting,
} from "../../src/model/resource.ts";
import { settingText } from "../../src/model/setting-text.ts";
import {
  isInsideResource,
  type ArchiveResource,
  type InsideResource,
  type MachineInputs,
  type MachineResource,
  type ResourceState,
} from "../../src/model/snapshot.ts";
import { resolveValue, type Lookup } from "../../src/model/value.ts";
import { hashText } from "../../src/state/digest.ts";
import { digest } from "./plan-builders.ts";

/** State of a machine that was just made or taken in. */
export function bornState(
  desired: DesiredMachine,
  machine: MachineFacts,
  more: { readonly look: Lookup; readonly ready: boolean; readonly deposed: MachineResource["deposed"] },
): MachineResource {
  const isOwed = desired.identity === "fresh" && !more.ready;
  return {
    type: "machine",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    id: machine.id,
    name: machine.name,
    inputs: inputsOf(desired, more.look),
    made: machine.settings,
    seen: seenOf(machine),
    status: more.ready || desired.power !== "running" ? "ready" : "unready",
    ...(isOwed && { identityOwed: true }),
    ...(more.deposed !== undefined && more.deposed.length > 0 && { deposed: more.deposed }),
  };
}

/** It was renamed or had its settings changed. */
export function changedState(state: MachineResource, machine: MachineFacts): MachineResource {
  return { ...state, name: machine.name, seen: seenOf(machine) };
}

/** It was given settings: what of it was clamped before is so no longer. */
export function configuredState(state: MachineResource, asked: MachineSettings, waits: boolean): MachineResource {
  const { clamped = {}, ...rest } = state;
  const left = Object.entries(clamped).filter(([key]) => !(key in asked));
  return {
    ...rest,
    ...(left.length > 0 && { clamped: Object.fromEntries(left) }),
    ...(waits && { restartPending: true }),
  };
}

/** It was started, which probes it, or stopped. */
export function poweredState(
  state: MachineResource,
  how: { readonly probed: boolean; readonly fresh: boolean },
): MachineResource {
  const { restartPending: _restart, returnTo, unready, identityOwed, ...rest } = state;
  const known: MachineResource = {
    ...rest,
    ...(identityOwed === true && !how.fresh && { identityOwed }),
    ...(returnTo !== undefined && returnTo !== state.seen.power && { returnTo }),
  };
  if (how.probed) return { ...known, status: "ready" };
  return unready === undefined ? known : { ...known, unready };
}

/** One machine of an address is gone: its own, or a predecessor. `undefined` = nothing is left of it. */
export function deletedState(state: MachineResource, id: string): MachineResource | undefined {
  if (state.id === id) {
    const { id: _id, halfDeleted: _half, ...rest } = state;
    return state.deposed === undefined ? undefined : rest;
  }
  const { deposed = [], ...rest } = state;
  const left = deposed.filter((each) => each.id !== id);
  if (left.length > 0) return { ...rest, deposed: left };
  return state.id === undefined && state.pending === undefined ? undefined : rest;
}

/** All that was planned for a resource is done. */
export function settledState(state: ResourceState, desired: DesiredResource, look: Lookup): ResourceState {
  const { lifecycle, dependencies } = desired;
  if (state.type === "machine" && desired.type === "machine") {
    return { ...state, lifecycle, dependencies, inputs: inputsOf(desired, look) };
  }
  if (state.type === "archive" && desired.type === "archive") {
    const triggers = desired.triggers === undefined ? undefined : resolveValue(desired.triggers, look);
    return { ...state, lifecycle, dependencies, inputs: archiveInputs(desired, triggers, state.inputs) };
  }
  if (isInsideResource(state) && isDesiredInside(desired)) {
    return settledInside(state, desired, insideWish(desired, look, hashText));
  }
  if (state.type !== "setting" || desired.type !== "setting") return state;
  const inputs = { key: desired.key, value: resolveValue(desired.value, look) ?? null, onRemove: desired.onRemove };
  return { ...state, lifecycle, dependencies, inputs };
}

/** A machine was exported, by the name it has. */
export function exportedState(
  desired: DesiredArchive,
  machine: MachineFacts,
  { look, before }: { readonly look: Lookup; readonly before: ArchiveResource | undefined },
): ArchiveResource {
  const triggers = desired.triggers === undefined ? undefined : resolveValue(desired.triggers, look);
  const revision = (before?.revision ?? 0) + 1;
  return {
    type: "archive",
    revision,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    inputs: archiveInputs(desired, triggers, before?.inputs),
    series: before?.series ?? `series of ${desired.address}`,
    made: {
      machine: machine.id,
      name: machine.name,
      dir: desired.dir,
      file: `${machine.name}-${revision}.tar.zst`,
      sha256: "0".repeat(64),
      sizeBytes: revision,
      createdAt: "2026-11-26T00:00:00.000Z",
      madeBy: "orbform test",
    },
  };
}

interface Inside {
  readonly machine: MachineFacts;
  readonly look: Lookup;
  readonly states: ReadonlyMap<Address, ResourceState>;
}

/** Something inside a machine was made as it is asked for. */
export function insideState(desired: DesiredResource, { machine, look, states }: Inside): InsideResource | undefined {
  if (!isDesiredInside(desired)) return undefined;
  const wish = insideWish(desired, look, hashText);
  if (wish === undefined) return undefined;
  const before = states.get(desired.address);
  const prior = before !== undefined && "machine" in before && before.machine === machine.id ? before : undefined;
  const seen = seenFor(wish, factsOf(wish));
  const startedWith = desired.restartOn.map((each) => [each, states.get(each)?.revision ?? 0]);
  return {
    type: desired.type,
    revision: (prior?.revision ?? 0) + 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    on: desired.on,
    machine: machine.id,
    inputs: wish,
    seen,
    original: prior?.original ?? nothingOf(wish),
    ...(startedWith.length > 0 && { startedWith: Object.fromEntries(startedWith) }),
  };
}

/** What is found of what is as it is asked for. */
function factsOf(wish: InsideWish): InsideFacts {
  switch (wish.type) {
    case "file":
      return { ...rightsOf(wish), type: "file", kind: "file", digest: wish.digest, size: 1 };
    case "directory":
      return { ...rightsOf(wish), type: "directory", kind: "directory", isEmpty: true };
    case "packages": {
      const versions = Object.entries(wish.install).map(([name, version]) => [name, version]);
      return { type: "packages", manager: "apt", installed: Object.fromEntries(versions), newer: {} };
    }
    case "service":
      return {
        type: "service",
        manager: "systemd",
        exists: true,
        running: wish.running ?? true,
        enabled: wish.enabled ?? true,
      };
    case "user":
      return { ...wish, type: "user", exists: true };
    case "command":
    default:
      return { type: "command" };
  }
}

function rightsOf({ mode, owner, group }: PathRights): PathRights {
  return {
    ...(mode !== undefined && { mode }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
}

function nothingOf(wish: InsideWish): InsideFacts {
  if (wish.type === "file" || wish.type === "directory") return { type: wish.type, kind: "absent" };
  if (wish.type === "packages") {
    const installed = Object.fromEntries(Object.keys(wish.install).map((name) => [name, null]));
    return { type: "packages", manager: "apt", installed, newer: {} };
  }
  if (wish.type === "user") return { type: "user", exists: false };
  return wish.type === "service"
    ? { type: "service", manager: "systemd", exists: true, running: false, enabled: false }
    : { type: "command" };
}

/** A global setting was set. */
export function writtenState(
  desired: DesiredSetting,
  action: SettingAction,
  value: Json,
  before: ResourceState | undefined,
): ResourceState {
  return {
    type: "setting",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    inputs: { key: action.key, value, onRemove: desired.onRemove },
    original: before?.type === "setting" ? before.original : action.before,
    seen: settingText(value),
  };
}

function inputsOf(desired: DesiredMachine, look: Lookup): MachineInputs {
  const inputs = machineInputs(desired, (ref) => look(ref) ?? null, digest);
  if (inputs === undefined) throw new Error("every reference stands for something");
  return inputs;
}

function seenOf({ settings, state, image }: MachineFacts): MachineResource["seen"] {
  return { settings, power: state, image };
}
