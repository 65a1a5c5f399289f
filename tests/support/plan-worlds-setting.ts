import * as fc from "fast-check";
import type { Address } from "../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { DesiredSetting } from "../../src/model/resource.ts";
import type { SettingResource } from "../../src/model/snapshot.ts";
import type { Value } from "../../src/model/value.ts";
import { among, mostly, nearlyAlways } from "./plan-worlds-chance.ts";
import { at, desiredSetting, settingState } from "./plan-builders.ts";
import type { Kind } from "./plan-worlds.ts";

/** One global setting: how it stands in the stack, in state and in the world. */
export interface SettingSlot {
  readonly desired: boolean;
  readonly inState: boolean;
  readonly value: "1" | "2" | "name";
  readonly before: "1" | "2";
  readonly original: string | null;
  readonly live: "ours" | "unlisted" | "7";
  readonly got: boolean;
  readonly onRemove: "restore" | "keep";
  readonly ignored: boolean;
  readonly prevent: boolean;
  readonly retain: boolean;
}

/** Draws a setting. */
export function settingSlot({ calm }: Kind): fc.Arbitrary<SettingSlot> {
  return fc.record<SettingSlot>({
    desired: fc.boolean(),
    inState: fc.boolean(),
    value: among("1", "2", "name"),
    before: among("1", "2"),
    original: among(null, "0", "1"),
    live: mostly("ours", "7", "unlisted"),
    got: mostly(false, true),
    onRemove: mostly("restore", "keep"),
    ignored: mostly(false, true),
    prevent: calm ? nearlyAlways(false, true) : mostly(false, true),
    retain: mostly(false, true),
  });
}

/** What settings are in the three worlds. */
interface SettingWorld {
  readonly desired: readonly DesiredSetting[];
  readonly prior: { readonly [key: string]: SettingResource };
  readonly live: { readonly [key: string]: string };
}

/** Keys by slot: as the stack wants them, and as they stand in state. */
export interface Keys {
  readonly wanted: readonly string[];
  readonly held: readonly string[];
}

/** Puts slots into the worlds: `setting.k0` wants one key and may hold another. `named` is the machine they refer to. */
export function worldOfSettings(
  slots: readonly SettingSlot[],
  { wanted, held, named }: Keys & { readonly named: Address | undefined },
): SettingWorld {
  const desired: DesiredSetting[] = [];
  const prior: { [key: string]: SettingResource } = {};
  const live: { [key: string]: string } = {};
  for (const [index, slot] of slots.entries()) {
    const address = at(`setting.k${index}`);
    const key = wanted[index] ?? "k";
    const lifecycle = {
      ...DEFAULT_LIFECYCLE,
      preventDestroy: slot.prevent,
      retain: slot.retain,
      ignoreChanges: slot.ignored ? ["value"] : [],
    };
    const given = {
      address,
      lifecycle,
      onRemove: slot.onRemove,
      dependencies: slot.value === "name" && named !== undefined ? [named] : [],
    };
    if (slot.desired) desired.push({ ...desiredSetting(key, null, given), value: valueOf(slot.value, named) });
    if (!slot.inState) continue;
    const old = held[index] ?? "k";
    const seen = slot.got ? "8" : slot.before;
    const state = settingState(desiredSetting(old, slot.before, given), slot.original, seen);
    prior[`setting.k${index}`] = { ...state, ...(slot.got && { got: "8" }) };
    if (slot.live !== "unlisted") live[old] = slot.live === "ours" ? seen : slot.live;
  }
  return { desired, prior, live };
}

/** A machine's name, where the value is a reference: it is known before anything is made. */
function valueOf(value: SettingSlot["value"], named: Address | undefined): Value {
  if (value !== "name") return value;
  return named === undefined ? "3" : { "~orbform": "ref", address: named, property: "name" };
}
