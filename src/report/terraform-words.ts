/** What Terraform calls things: types, addresses and reasons. Its readers switch on these words. */
import { addressParts, type Address } from "../model/address.ts";
import type { JsonObject } from "../model/json.ts";
import type { ChangeReason } from "../model/plan.ts";

/** The provider's short name, in events and configuration. */
export const PROVIDER_KEY = "orbstack";

const TYPES: { readonly [type: string]: string } = {
  setting: "orbstack_config",
  archive: "orbstack_export",
};

/** A resource as Terraform's grammar names it. */
export interface TerraformName {
  /** `module.team.orbstack_machine.app`. */
  readonly address: string;
  /** `module.team`; empty: it stands in the root module. */
  readonly module: string;
  /** `orbstack_machine.app`. */
  readonly local: string;
  /** `orbstack_machine`. */
  readonly type: string;
  readonly name: string;
}

/** Names a resource in Terraform's grammar: `team/web/machine.app` is `module.team.module.web.orbstack_machine.app`. */
export function terraformName(ours: Address): TerraformName {
  const { path, type: word, key: name } = addressParts(ours);
  const module = path.map((key) => `module.${key}`).join(".");
  const type = TYPES[word] ?? `orbstack_${word}`;
  const local = `${type}.${name}`;
  return { address: module === "" ? local : `${module}.${local}`, module, local, type, name };
}

/** A resource as event lines name it, with our own address beside Terraform's. */
export function eventResource(ours: Address): JsonObject {
  const { address, module, local, type, name } = terraformName(ours);
  return {
    addr: address,
    module,
    resource: local,
    implied_provider: PROVIDER_KEY,
    resource_type: type,
    resource_name: name,
    resource_key: null,
    orbform: { address: ours },
  };
}

/** Reasons in a plan's JSON. Those that Terraform has no word for are told in `change.orbform` alone. */
export const ACTION_REASONS: { readonly [K in ChangeReason]?: string } = {
  "replace: property": "replace_because_cannot_update",
  "replace: requested": "replace_by_request",
  "replace: replaceWhen": "replace_by_triggers",
  "replace: not ready": "replace_because_tainted",
  "delete: not in stack": "delete_because_no_resource_config",
  "forget: gone": "delete_because_no_resource_config",
  "forget: retained": "forgot_because_lifecycle_destroy_in_state",
  "forget: kept": "delete_because_no_resource_config",
};

/** Reasons in event lines: a replacement's are short there, the others the same. */
export const EVENT_REASONS: { readonly [K in ChangeReason]?: string } = {
  ...ACTION_REASONS,
  "replace: property": "cannot_update",
  "replace: requested": "requested",
  "replace: replaceWhen": "replace_triggered_by",
  "replace: not ready": "tainted",
};
