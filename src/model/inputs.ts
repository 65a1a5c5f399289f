import type { Json, JsonObject } from "./json.ts";
import { SETTING_KEYS } from "./machine.ts";
import type { DesiredMachine, DesiredSetting, DesiredSettings, Origin, Ready } from "./resource.ts";
import type { MachineInputs, SettingResource } from "./snapshot.ts";
import { resolveValue, type Lookup, type Value } from "./value.ts";

/** Hex SHA-256 of the canonical JSON of a value. */
export type Digest = (value: Json) => string;

/**
 * What a stack asks of a machine, as state keeps it: the plan compares with it, the executor writes it, so both use this.
 * A value that is not known (yet) is left out: it counts as different from whatever it will be.
 */
export function machineInputs(machine: DesiredMachine, lookup: Lookup, digest: Digest): MachineInputs {
  const cloudInit = machine.cloudInit && cloudInitDigest(machine.cloudInit.text, lookup, digest);
  const replaceWhen = replaceWhenDigest(machine.lifecycle.replaceWhen, lookup, digest);
  return {
    name: machine.name,
    origin: originInput(machine.origin),
    ...(machine.arch === undefined ? {} : { arch: machine.arch }),
    ...(cloudInit === undefined ? {} : { cloudInit }),
    settings: settingInputs(machine.settings, lookup),
    power: machine.power,
    default: machine.default,
    identity: machine.identity,
    ready: readyInput(machine.ready),
    labels: machine.labels,
    groups: machine.groups,
    ...(replaceWhen === undefined ? {} : { replaceWhen }),
  };
}

/** What a stack asks of a global setting, as state keeps it; `undefined` while its value is not known. */
export function globalSettingInputs(setting: DesiredSetting, lookup: Lookup): SettingResource["inputs"] | undefined {
  const value = resolveValue(setting.value, lookup);
  return value === undefined ? undefined : { key: setting.key, value, onRemove: setting.onRemove };
}

/** `sha256:…` of a cloud-init text, or `undefined` while it is not known. */
export function cloudInitDigest(text: Value, lookup: Lookup, digest: Digest): string | undefined {
  const resolved = resolveValue(text, lookup);
  return resolved === undefined ? undefined : `sha256:${digest(resolved)}`;
}

/** Digest of the values whose change replaces a machine; `undefined` where there are none, or one is not known. */
export function replaceWhenDigest(values: readonly Value[], lookup: Lookup, digest: Digest): string | undefined {
  const resolved = values.length === 0 ? undefined : resolveValue(values, lookup);
  return resolved === undefined ? undefined : digest(resolved);
}

function originInput(origin: Origin): JsonObject {
  if (origin.kind !== "clone") return { ...origin };
  return { kind: "clone", of: { ...origin.of } };
}

function readyInput(ready: Ready): JsonObject {
  return { ...ready };
}

function settingInputs(settings: DesiredSettings, lookup: Lookup): { readonly [key: string]: Json } {
  const inputs: { [key: string]: Json } = {};
  for (const key of SETTING_KEYS) {
    const value = settings[key];
    const resolved = value === undefined ? undefined : resolveValue(value, lookup);
    if (resolved !== undefined) inputs[key] = resolved;
  }
  return inputs;
}
