import type { Json } from "../model/json.ts";
import { SETTING_PATHS } from "../model/authored.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type { AttributeChange, Unknown } from "../model/plan.ts";
import type { Lookup, Value } from "../model/value.ts";

/** Values as far as they are known while planning. */
export interface Values {
  readonly lookup: Lookup;
  /** Whether something the value refers to will be another once this plan is applied. */
  readonly isChanging: (value: Value) => boolean;
}

/** Whether `ignoreChanges` names a property, or the object it is written in. */
export function isIgnored(path: string, ignoreChanges: readonly string[]): boolean {
  // Nearly always: then not even the function below is made, a dozen times for each machine.
  return ignoreChanges.length > 0 && isNamed(path, ignoreChanges);
}

function isNamed(path: string, ignoreChanges: readonly string[]): boolean {
  return ignoreChanges.some((each) => path === each || path.startsWith(`${each}.`));
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
  return attributes.length < 2
    ? attributes
    : attributes.toSorted((left, right) => ORDER.indexOf(left.path) - ORDER.indexOf(right.path));
}
