import type { Action, CloneAction, RenameAction, Target } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type { DesiredMachine, DesiredSettings, Origin, Ready } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import { resolveValue, type Value } from "../model/value.ts";
import { settingDefault } from "../diff/settings.ts";
import { cloneSource } from "./clone-source.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { isPossible } from "./limits-of.ts";
import { begin, type Owner } from "./make-action.ts";
import { settingsAfter, type KnownSettings } from "./outlook.ts";

/** The making of a machine. */
export interface Making {
  /** Up to where it is as the stack wants it, but for a temporary name and being the default. */
  readonly chain: readonly Action[];
  readonly diagnostics: readonly Diagnostic[];
  /** What a clone of it is born with, as far as that is known. */
  readonly settings: KnownSettings;
}

interface Birth {
  readonly desired: DesiredMachine;
  readonly name: string;
  readonly owner: Owner;
  readonly desk: Desk;
}

/** Makes a machine under a name: created and booted, cloned, or restored; then set, and running or stopped as wanted. */
export function makeMachine(desk: Desk, desired: DesiredMachine, name: string): Making {
  const birth: Birth = { desired, name, desk, owner: ownerAt(desk, desired.address, desired.lifecycle) };
  switch (desired.origin.kind) {
    case "image":
      return create(birth, desired.origin);
    case "clone":
      return clone(birth, desired.origin);
    case "restore":
    default:
      return restore(birth, desired.origin);
  }
}

/** The machine that an action of this plan makes. */
export function newTarget(desired: DesiredMachine): Target {
  return { address: desired.address, id: null };
}

/** The last step of a replacement made first: the temporary name is given back. */
export function finalRename(owner: Owner, from: string, to: string): RenameAction {
  const target = { address: owner.address, id: null };
  return { ...begin("rename", owner), target, from, to, temporary: false };
}

function create(birth: Birth, origin: Extract<Origin, { readonly kind: "image" }>): Making {
  const { desired, owner, name, desk } = birth;
  const action: Action = {
    ...begin("create", owner),
    name,
    distro: origin.distro,
    version: origin.version ?? null,
    arch: desired.arch ?? null,
    cloudInit: desired.cloudInit ?? null,
    settings: withoutDefaults(desired.settings),
    ready: desired.power === "stopped" ? null : desired.ready,
    identity: desired.identity,
  };
  return {
    chain: desired.power === "stopped" ? [action, stop(birth)] : [action],
    diagnostics: [],
    settings: settingsAfter({}, { ...birthDefaults(desired), ...knownSettings(desired, desk) }),
  };
}

/** Born stopped, with the source's settings: what differs is set before the first boot. */
function clone(birth: Birth, origin: Extract<Origin, { readonly kind: "clone" }>): Making {
  const { desired, owner, name, desk } = birth;
  const { target, settings, diagnostics } = cloneSource(desk, desired, origin.of);
  const action: CloneAction = { ...begin("clone", owner), name, source: target };
  const differing = differingSettings(birth, settings);
  const chain = [action, ...configure(birth, differing), ...(desired.power === "running" ? [start(birth)] : [])];
  return { chain, diagnostics, settings: settingsAfter({}, { ...settings, ...knownSettings(desired, desk) }) };
}

/** What an archive holds is not known, so everything the stack asks for is set, and power is given as wanted. */
function restore(birth: Birth, origin: Extract<Origin, { readonly kind: "restore" }>): Making {
  const { desired, owner, name, desk } = birth;
  const action: Action = { ...begin("restore", owner), name, path: origin.path, digest: origin.digest };
  const power: Action[] = [];
  if (desired.power === "running") power.push(start(birth));
  if (desired.power === "stopped") power.push(stop(birth));
  const chain = [action, ...configure(birth, differingSettings(birth, {})), ...power];
  return { chain, diagnostics: [], settings: settingsAfter({}, knownSettings(desired, desk)) };
}

function configure({ desired, owner }: Birth, settings: DesiredSettings): Action[] {
  if (Object.keys(settings).length === 0) return [];
  return [{ ...begin("config", owner), target: newTarget(desired), settings, before: {}, needsRestart: false }];
}

function start({ desired, owner }: Birth): Action {
  const ready: Ready = desired.ready;
  return { ...begin("start", owner), target: newTarget(desired), ready, identity: desired.identity };
}

function stop({ desired, owner }: Birth): Action {
  return { ...begin("stop", owner), target: newTarget(desired) };
}

/** A fresh machine has the defaults already; asking for them would need what older versions can't do. */
function withoutDefaults(settings: DesiredSettings): DesiredSettings {
  const asked = Object.entries(settings).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(asked);
}

function differingSettings({ desired, desk }: Birth, born: KnownSettings): DesiredSettings {
  const differing: { [key: string]: Value } = {};
  for (const key of SETTING_KEYS) {
    const asked = desired.settings[key];
    const value = asked === null ? settingDefault(key) : asked;
    if (value === undefined) continue;
    const known = resolveValue(value, desk.values.lookup);
    if (known !== undefined && sameJson(known, born[key])) continue;
    if (asked === null && !isPossible(key, desk.scene.input.live.capabilities)) continue;
    differing[key] = known ?? value;
  }
  return differing;
}

function knownSettings(desired: DesiredMachine, { values }: Desk): KnownSettings {
  const known: { [key: string]: ReturnType<typeof resolveValue> } = {};
  for (const key of SETTING_KEYS) {
    const asked = desired.settings[key];
    if (asked === undefined) continue;
    known[key] = asked === null ? settingDefault(key) : resolveValue(asked, values.lookup);
  }
  return known;
}

/** What a machine from an image has unless told otherwise. An isolated one has another default for the SSH agent. */
function birthDefaults(desired: DesiredMachine): KnownSettings {
  const defaults: { [key: string]: ReturnType<typeof settingDefault> } = {};
  for (const key of SETTING_KEYS) defaults[key] = settingDefault(key);
  if (desired.settings.isolated !== undefined) defaults["forwardSshAgent"] = undefined;
  return defaults;
}
