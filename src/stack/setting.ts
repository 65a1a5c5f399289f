import { copyInput } from "./copy-input.ts";
import { handle, siteOf } from "./handle.ts";
import type { Handle } from "./handle.ts";
import type { LifecycleInput } from "./lifecycle-input.ts";
import { ref } from "./ref.ts";
import type { Ref } from "./ref.ts";

/** The global settings of OrbStack that are known by name (contract 3.15); others are taken as they are. */
export type KnownSetting =
  | "cpu"
  | "memory_mib"
  | "rosetta"
  | "network_proxy"
  | "network_bridge"
  | "network.subnet4"
  | "network.https"
  | "machines.forward_ports"
  | "machines.expose_ports_to_lan"
  | "docker.set_context"
  | "docker.expose_ports_to_lan"
  | "app.start_at_login"
  | "power.pause_in_sleep"
  | "mount_hide_shared";

/** One global setting of OrbStack. */
export interface SettingInput {
  /** OrbStack's own key: `"memory_mib"`. Keys of one machine (`machine.…`) belong to `machine`. */
  readonly key: KnownSetting | (string & {});
  readonly value: string | number | boolean | Ref<string> | Ref<number>;
  /** What removal does: put back what stood before, if live is still what we set, or leave it. @default "restore" */
  readonly onRemove?: "restore" | "keep" | undefined;
  readonly lifecycle?: LifecycleInput<"value"> | undefined;
}

/** A global setting in a stack. */
export interface Setting extends Handle<"setting", SettingInput> {
  readonly key: Ref<string>;
  readonly value: Ref<string | number | boolean>;
}

/**
 * Declares one global setting of OrbStack. The value that stood before is kept and put back when it leaves the stack.
 *
 * @example
 * const memory = setting({ key: "memory_mib", value: 8192 });
 */
export function setting(input: SettingInput): Setting {
  return handle("setting", {
    input: copyInput(input),
    site: siteOf(setting),
    properties: (rid) => ({ key: ref(rid, "key"), value: ref(rid, "value") }),
  });
}
