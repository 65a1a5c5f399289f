import type { Json } from "../model/json.ts";
import { SETTING_DEFAULTS, SETTING_KEYS, type MachineSettings, type SettingKey } from "../model/machine.ts";
import { UNKNOWN, type AttributeChange } from "../model/plan.ts";
import type { DesiredMachine, DesiredSettings } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { resolveValue, type Value } from "../model/value.ts";
import { authored, SETTING_PATHS } from "../model/authored.ts";
import { attribute, isIgnored, type Values } from "./attributes.ts";

/** What of a machine's settings has to be written. */
export interface SettingsDiff {
  readonly settings: DesiredSettings;
  readonly before: MachineSettings;
  readonly attributes: readonly AttributeChange[];
  /** How many managed settings stay as they are. */
  readonly unchanged: number;
}

interface Compared {
  readonly desired: DesiredMachine;
  readonly live: MachineSettings;
  /** Absent on adoption and for what is not made yet. */
  readonly prior: MachineResource | undefined;
  readonly values: Values;
}

/** A setting to be brought to `value`; `after` is what is known of it now. */
interface Wanted {
  readonly value: Value;
  readonly after: Json | undefined;
}

/**
 * Compares the settings a stack manages with live ones. Left out = not managed; left out after Orbform had set it =
 * back to what the machine was made with; `null` = OrbStack's default. What live doesn't tell is compared with prior.
 */
export function diffSettings(compared: Compared): SettingsDiff {
  const settings: { [key: string]: Value } = {};
  const attributes: AttributeChange[] = [];
  let unchanged = 0;
  for (const key of SETTING_KEYS) {
    if (isIgnored(SETTING_PATHS[key], compared.desired.lifecycle.ignoreChanges)) continue;
    const wanted = wantedSetting(key, compared);
    if (wanted === undefined) continue;
    const before = presentSetting(key, compared);
    if (isMet(key, wanted, compared)) {
      unchanged += 1;
      continue;
    }
    settings[key] = wanted.value;
    attributes.push(settingAttribute(key, before, wanted.after));
  }
  const before = attributes.length === 0 ? {} : pick(compared.live, settings);
  return { settings, before, attributes, unchanged };
}

/** The settings of a machine that is still to be made, as a change shows them. */
export function newSettings(desired: DesiredSettings, values: Values): readonly AttributeChange[] {
  const attributes: AttributeChange[] = [];
  for (const key of SETTING_KEYS) {
    const value = desired[key];
    if (value === undefined || value === null) continue;
    attributes.push(settingAttribute(key, undefined, resolveValue(value, values.lookup)));
  }
  return attributes;
}

/** OrbStack's default for a setting, `undefined` where it is not known (the user inside). */
export function settingDefault(key: SettingKey): Json | undefined {
  return key === "user" ? undefined : SETTING_DEFAULTS[key];
}

/** Whether a running machine has a change of these only after its next start: all but the default user (contract 3.15). */
export function needsRestart(settings: DesiredSettings): boolean {
  return Object.keys(settings).some((key) => key !== "user");
}

function settingAttribute(key: SettingKey, before: Json | undefined, after: Json | undefined): AttributeChange {
  return attribute(SETTING_PATHS[key], {
    before: before === undefined ? undefined : authored(key, before),
    after: after === undefined ? UNKNOWN : authored(key, after),
  });
}

function wantedSetting(key: SettingKey, { desired, prior, values }: Compared): Wanted | undefined {
  const value = desired.settings[key];
  if (value === undefined) {
    const made = prior && key in prior.inputs.settings ? (prior.made[key] ?? settingDefault(key)) : undefined;
    return made === undefined ? undefined : { value: made, after: made };
  }
  const after = value === null ? (settingDefault(key) ?? prior?.made[key]) : resolveValue(value, values.lookup);
  if (after !== undefined) return { value: after, after };
  return value === null ? undefined : { value, after };
}

/** What it is now: live's word, else what was last asked for, else what the machine was made with. */
function presentSetting(key: SettingKey, { live, prior }: Compared): Json | undefined {
  const asked = prior?.inputs.settings[key];
  return live[key] ?? (asked === null ? settingDefault(key) : asked) ?? prior?.made[key];
}

function isMet(key: SettingKey, wanted: Wanted, compared: Compared): boolean {
  const { desired, live, prior, values } = compared;
  const asked = prior?.inputs.settings[key];
  if (wanted.after === undefined) return asked !== undefined && !values.isChanging(wanted.value);
  const present = presentSetting(key, compared);
  if (present === undefined) return desired.settings[key] === null;
  if (sameJson(present, wanted.after)) return true;
  const clamped = prior?.clamped?.[key];
  return clamped !== undefined && sameJson(live[key], clamped) && sameJson(asked, wanted.after);
}

function pick(live: MachineSettings, keys: object): MachineSettings {
  const picked = Object.entries(live).filter(([key]) => key in keys);
  return Object.fromEntries(picked);
}
