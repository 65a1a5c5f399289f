import type { Json } from "../model/json.ts";
import { SETTING_DEFAULTS, SETTING_KEYS, type MachineSettings, type SettingKey } from "../model/machine.ts";
import type { DesiredSettings } from "../model/resource.ts";
import { resolveValue, type Lookup } from "../model/value.ts";
import { refused } from "./failure.ts";

/**
 * Settings a machine made from an image has unless it was made with others. Compared after birth: OrbStack may leave
 * those of a deleted machine's name behind. The user and the SSH agent are not here: their defaults depend.
 */
export const BIRTH_DEFAULTS: MachineSettings = {
  cpus: SETTING_DEFAULTS.cpus,
  memoryMiB: SETTING_DEFAULTS.memoryMiB,
  diskBytes: SETTING_DEFAULTS.diskBytes,
  isolated: SETTING_DEFAULTS.isolated,
  isolateNetwork: SETTING_DEFAULTS.isolateNetwork,
  mounts: SETTING_DEFAULTS.mounts,
  httpPort: SETTING_DEFAULTS.httpPort,
  httpsPort: SETTING_DEFAULTS.httpsPort,
};

/**
 * What a stack asks for, with references and `null` replaced by what they stand for. `made` tells what the default user
 * was. Errors: `ORB_VALUE_UNKNOWN`, `ORB_PROPERTY_INVALID`.
 */
export function resolveSettings(asked: DesiredSettings, lookup: Lookup, made: MachineSettings = {}): MachineSettings {
  const defaults: MachineSettings = { ...made, ...SETTING_DEFAULTS };
  const resolved: { [K in SettingKey]?: Json } = {};
  for (const key of SETTING_KEYS) {
    const value = asked[key];
    if (value === undefined) continue;
    const known = resolveValue(value, lookup);
    if (known === undefined) throw unknownValue(key);
    const settled: Json | undefined = known === null ? defaults[key] : known;
    if (settled !== undefined) resolved[key] = settled;
  }
  return decoded(resolved);
}

/** Of `expected`, what a machine has otherwise. What could not be read back counts as different. */
export function differing(expected: MachineSettings, actual: MachineSettings): MachineSettings {
  return pick(expected, (key) => !sameSetting(expected[key], actual[key]));
}

/** Of `expected`, what a machine provably has otherwise. */
export function provablyDiffering(expected: MachineSettings, actual: MachineSettings): MachineSettings {
  return pick(expected, (key) => actual[key] !== undefined && !sameSetting(expected[key], actual[key]));
}

/** Whether there is nothing in it. */
export function isEmpty(settings: MachineSettings): boolean {
  return Object.keys(settings).length === 0;
}

/** Whether any of these takes effect at the next start only: all but the user do. */
export function needsRestart(settings: MachineSettings): boolean {
  return Object.keys(settings).some((key) => key !== "user");
}

/** The part of the settings whose keys pass. */
export function pick(settings: MachineSettings, passes: (key: SettingKey) => boolean): MachineSettings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => isSettingKey(key) && passes(key)));
}

function isSettingKey(key: string): key is SettingKey {
  return (SETTING_KEYS as readonly string[]).includes(key);
}

function sameSetting(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

const NUMBERS = ["cpus", "memoryMiB", "diskBytes", "httpPort", "httpsPort"] as const;
const FLAGS = ["isolated", "isolateNetwork", "forwardSshAgent"] as const;

function decoded(values: { readonly [K in SettingKey]?: Json }): MachineSettings {
  const { user, mounts } = values;
  return {
    ...decodedAs(values, NUMBERS, (value) => typeof value === "number"),
    ...decodedAs(values, FLAGS, (value) => typeof value === "boolean"),
    ...(user === undefined ? {} : decodedAs({ user }, ["user"], (value) => typeof value === "string")),
    ...(mounts === undefined ? {} : decodedAs({ mounts }, ["mounts"], isTexts)),
  };
}

function decodedAs<K extends SettingKey, T extends Json>(
  values: { readonly [key in K]?: Json },
  keys: readonly K[],
  is: (value: Json) => value is T & Json,
): { [key in K]?: T } {
  const result: { [key in K]?: T } = {};
  for (const key of keys) {
    const value = values[key];
    if (value === undefined) continue;
    if (!is(value)) throw wrongType(key, value);
    result[key] = value;
  }
  return result;
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function unknownValue(key: string): Error {
  return refused("ORB_VALUE_UNKNOWN", {
    summary: "A value is still not known",
    detail: `The value of \`${key}\` refers to something that is not known: its machine may be stopped. Nothing was changed.`,
    hint: "Run `orb plan` to see what is missing.",
  });
}

function wrongType(key: string, value: Json): Error {
  return refused("ORB_PROPERTY_INVALID", {
    summary: "A value has the wrong type",
    detail: `The value of \`${key}\` turned out to be ${JSON.stringify(value)}. Nothing was changed.`,
    hint: "Correct the stack, then run `orb plan`.",
  });
}
