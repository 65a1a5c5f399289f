import type { Change } from "../model/plan.ts";

/** The name of the provider, as Terraform writes a provider's: host, namespace, type. */
export const PROVIDER = "npm.registry/orbform/orbstack";

/** The lists of actions that a plan's JSON may have, and no others. */
export const ACTION_LISTS = [
  ["no-op"],
  ["create"],
  ["update"],
  ["delete"],
  ["delete", "create"],
  ["create", "delete"],
  ["forget"],
] as const;

/** What a plan's JSON may say is done to a resource. */
export type ActionList = (typeof ACTION_LISTS)[number];

/** What is done to a resource, in the words of a plan's JSON. An import is what is changed of what is imported. */
export function actionList({ action, createBeforeDestroy, attributes }: Change): ActionList {
  switch (action) {
    case "replace":
      return createBeforeDestroy ? ["create", "delete"] : ["delete", "create"];
    case "adopt":
      return attributes.length === 0 ? ["no-op"] : ["update"];
    case "create":
    case "delete":
    case "forget":
    case "no-op":
    case "update":
    default:
      return [action];
  }
}
