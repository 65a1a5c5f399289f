import type { Capabilities } from "../model/capabilities.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { SETTING_KEYS, type MachineFacts, type SettingKey } from "../model/machine.ts";
import type { DesiredMachine, DesiredSettings } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { resolveValue } from "../model/value.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import type { MachineDiff } from "../diff/machine.ts";
import { settingDefault } from "../diff/settings.ts";
import type { Desk } from "./desk.ts";
import { settingsAfter, type KnownSettings } from "./outlook.ts";
import { problem } from "./problems.ts";
import type { Scene } from "./scene.ts";

interface Limited {
  readonly desired: DesiredMachine;
  readonly diff: MachineDiff;
  readonly state: MachineResource | undefined;
}

/** Why settings of a machine that stays can't be changed: OrbStack can't, or the disk would get too small. */
export function limitsOf(scene: Scene, { desired, diff, state }: Limited): readonly Diagnostic[] {
  const found = incapable(scene, desired, diff.config.settings);
  const wanted = diff.config.settings.diskBytes;
  const used = state?.addresses?.diskUsedBytes;
  const shrinks = typeof wanted === "number" && wanted > 0 && used !== undefined && wanted < used;
  return shrinks ? [...found, diskShrink(desired, wanted, used)] : found;
}

/** `ORB_NOT_CAPABLE` for each setting that this OrbStack doesn't have. Its default needs no asking. */
export function incapable(scene: Scene, desired: DesiredMachine, asked: DesiredSettings): readonly Diagnostic[] {
  const { capabilities } = scene.input.live;
  if (capabilities.limits && capabilities.isolation) return [];
  return SETTING_KEYS.filter((key) => isAsked(key, asked) && !isPossible(key, capabilities)).map((key) =>
    notCapable(desired, key, capabilities),
  );
}

/** A machine's own settings as a clone will find them. */
export function settingsAfterDiff(live: MachineFacts, diff: MachineDiff, { values }: Desk): KnownSettings {
  if (diff.config.attributes.length === 0) return live.settings;
  const set: { [key: string]: ReturnType<typeof resolveValue> } = {};
  for (const [key, value] of Object.entries(diff.config.settings)) {
    set[key] = value === undefined ? undefined : resolveValue(value, values.lookup);
  }
  return settingsAfter(live.settings, set);
}

function isAsked(key: SettingKey, asked: DesiredSettings): boolean {
  const value = asked[key];
  return value !== undefined && value !== null && !sameJson(value, settingDefault(key));
}

/** Whether this OrbStack knows a setting. */
export function isPossible(key: SettingKey, { limits, isolation }: Capabilities): boolean {
  if (key === "user") return true;
  return key === "cpus" || key === "memoryMiB" || key === "diskBytes" ? limits : isolation;
}

function notCapable(desired: DesiredMachine, key: SettingKey, { version }: Capabilities): Diagnostic {
  const since = key === "cpus" || key === "memoryMiB" || key === "diskBytes" ? "2.2" : "2.1";
  return problem(desired, {
    code: "ORB_NOT_CAPABLE",
    summary: "OrbStack can't do this",
    detail:
      `${desired.address} sets ${SETTING_PATHS[key]}, which OrbStack has since ${since}; ` +
      `${version === "" ? "this one is older" : `this is ${version}`}. Nothing is changed.`,
    hint: "Update OrbStack, or leave the property out: orbctl update",
  });
}

function diskShrink(desired: DesiredMachine, wanted: number, used: number): Diagnostic {
  return problem(desired, {
    code: "ORB_DISK_SHRINK",
    summary: "Disk limit is below its use",
    detail:
      `${desired.name} takes ${used} bytes on disk, and the stack limits it to ${wanted}. ` +
      "A machine at its limit can't be renamed or deleted.",
    hint: `Give it more, or free space inside first: orb state show ${desired.address}`,
  });
}
