import type { Json } from "../model/json.ts";
import { SETTING_KEYS, type SettingKey } from "../model/machine.ts";
import type { AttributeChange, Unknown } from "../model/plan.ts";
import type { Lookup, Value } from "../model/value.ts";

/** Values as far as they are known while planning. */
export interface Values {
  readonly lookup: Lookup;
  /** Whether something the value refers to will be another once this plan is applied. */
  readonly isChanging: (value: Value) => boolean;
}

/** How authors write each setting, and what they write for a value of it. */
export const SETTING_PATHS: { readonly [K in SettingKey]: string } = {
  cpus: "cpus",
  memoryMiB: "memory",
  diskBytes: "disk",
  user: "user",
  isolated: "isolated",
  isolateNetwork: "isolated.network",
  forwardSshAgent: "isolated.forwardSshAgent",
  mounts: "isolated.mounts",
  httpPort: "httpPort",
  httpsPort: "httpsPort",
};

/** Whether `ignoreChanges` names a property, or the object it is written in. */
export function isIgnored(path: string, ignoreChanges: readonly string[]): boolean {
  return ignoreChanges.some((each) => path === each || path.startsWith(`${each}.`));
}

/** The value of a setting as authors write it. `isolated.network` says whether there is a network, OrbStack that there is none. */
export function authored(key: SettingKey, value: Json): Json {
  return key === "isolateNetwork" && typeof value === "boolean" ? !value : value;
}

/** One line of a change; a side that is `undefined` is not there. */
export function attribute(
  path: string,
  sides: { readonly before?: Json | undefined; readonly after?: Json | Unknown | undefined },
  forcesReplacement = false,
): AttributeChange {
  return {
    path,
    ...(sides.before !== undefined && { before: sides.before }),
    ...(sides.after !== undefined && { after: sides.after }),
    forcesReplacement,
  };
}

const ORDER: readonly string[] = [
  "id",
  "name",
  "image",
  "clone",
  "restore",
  "arch",
  "cloudInit",
  ...SETTING_KEYS.map((key) => SETTING_PATHS[key]),
  "power",
  "default",
  "identity",
  "labels",
  "groups",
  "replaceWhen",
  "ip4",
];

/** Attributes in the order of the stack reference. */
export function inReferenceOrder(attributes: readonly AttributeChange[]): readonly AttributeChange[] {
  return attributes.toSorted((left, right) => ORDER.indexOf(left.path) - ORDER.indexOf(right.path));
}
