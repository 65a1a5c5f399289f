import type { SettingAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import { UNKNOWN, type AttributeChange, type Drift } from "../model/plan.ts";
import type { DesiredSetting } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import { settingText } from "../model/setting-text.ts";
import type { SettingResource } from "../model/snapshot.ts";
import { resolveValue } from "../model/value.ts";
import { attribute, isIgnored } from "../diff/attributes.ts";
import { lastOf, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import { isOurs, prevented } from "./removed-setting.ts";
import { claimed, claimedElsewhere } from "./standing.ts";

const RESTART_NOTE = "some settings take effect when OrbStack itself is restarted, which nothing does unasked";

/** Decides about one global setting of the stack. */
export function decideSetting(desk: Desk, desired: DesiredSetting): Decision {
  const { live, options } = desk.scene.input;
  const claim = live.claims[desired.key];
  const state = desk.scene.prior.get(desired.address);
  const prior = state?.type === "setting" ? state : undefined;
  if (claim !== undefined) {
    const words = prior?.inputs.key === desired.key ? claimed : claimedElsewhere;
    return refused(desired.address, words(desired, claim));
  }
  if (prior === undefined) return write(desk, desired, "create");
  if (prior.inputs.key !== desired.key) return rekey(desk, desired, prior);
  const before = live.settings[desired.key] ?? prior.seen;
  const value = resolveValue(desired.value, desk.values.lookup);
  const isWanted = value !== undefined && isMet(prior, value, before);
  // Somebody else's value is not taken over as the one we set: once the setting leaves the stack it would be put back.
  const isTaken = before !== prior.seen && (isWanted || options.mode === "refresh-only");
  const refreshed = isTaken ? { refreshed: { ...prior, seen: before, revision: prior.revision + 1 } } : {};
  const unseen = value === undefined && !desk.values.isChanging(desired.value);
  const ignored = isIgnored("value", desired.lifecycle.ignoreChanges);
  const met = ignored || unseen || isWanted;
  const drift = ignored ? {} : driftOf(desired, prior, { before, folded: met });
  if (!met) return { ...drift, ...refreshed, ...write(desk, desired, "update") };
  return { ...drift, ...refreshed, ...quiet(desk, desired, { prior, value }) };
}

/** It is what is asked for, or what OrbStack made of that when it was set. */
function isMet(prior: SettingResource, value: Json, live: string): boolean {
  return settingText(value) === live || (prior.got === live && sameJson(value, prior.inputs.value));
}

function driftOf(desired: DesiredSetting, prior: SettingResource, seen: { before: string; folded: boolean }) {
  if (prior.seen === seen.before) return {};
  const drift: Drift = {
    address: desired.address,
    name: desired.key,
    kind: "changed",
    attributes: [attribute("value", { before: prior.seen, after: seen.before })],
    folded: seen.folded,
  };
  return { drift };
}

interface Met {
  readonly prior: SettingResource;
  readonly value: Json | undefined;
}

function quiet(desk: Desk, desired: DesiredSetting, { prior, value }: Met): Decision {
  const same =
    (value === undefined || sameJson(value, prior.inputs.value)) &&
    desired.onRemove === prior.inputs.onRemove &&
    sameJson(desired.lifecycle, prior.lifecycle) &&
    sameJson(desired.dependencies, prior.dependencies);
  const previousAddress = desk.scene.movedFrom.get(desired.address);
  const moved = previousAddress === undefined ? {} : { change: { ...draft(desk, desired), action: "no-op" as const } };
  return { address: desired.address, chain: [], ...moved, ...(!same && { settled: desired }), diagnostics: [] };
}

function write(desk: Desk, desired: DesiredSetting, action: "create" | "update"): Decision {
  const chain = [writeAction(desk, desired)];
  const change: ChangeDraft = { ...draft(desk, desired), action, attributes: [valueChange(desk, desired)] };
  return { address: desired.address, chain, ...lastOf(chain), change, settled: desired, diagnostics: [] };
}

/** Another key at the same address: the old one is put back, the new one written. */
function rekey(desk: Desk, desired: DesiredSetting, prior: SettingResource): Decision {
  if (desired.lifecycle.preventDestroy) return refused(desired.address, prevented(desired.address, "its key changed"));
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const before = desk.scene.input.live.settings[prior.inputs.key] ?? null;
  const back: SettingAction = {
    ...begin("remove", owner),
    subject: "setting",
    key: prior.inputs.key,
    value: isOurs(prior, before) && prior.inputs.onRemove !== "keep" ? prior.original : before,
    before,
  };
  const chain = [back, writeAction(desk, desired)];
  const key = attribute("key", { before: prior.inputs.key, after: desired.key }, true);
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: "replace",
    reason: "replace: property",
    attributes: [key, valueChange(desk, desired)],
  };
  return { address: desired.address, chain, ...lastOf(chain), change, settled: desired, diagnostics: [] };
}

function writeAction(desk: Desk, desired: DesiredSetting): SettingAction {
  return {
    ...begin("write", ownerAt(desk, desired.address, desired.lifecycle)),
    subject: "setting",
    key: desired.key,
    value: resolveValue(desired.value, desk.values.lookup) ?? desired.value,
    before: desk.scene.input.live.settings[desired.key] ?? null,
  };
}

function valueChange(desk: Desk, desired: DesiredSetting): AttributeChange {
  const before = desk.scene.input.live.settings[desired.key];
  return attribute("value", { before, after: resolveValue(desired.value, desk.values.lookup) ?? UNKNOWN });
}

function draft(desk: Desk, desired: DesiredSetting): Omit<ChangeDraft, "action"> {
  const previousAddress: Address | undefined = desk.scene.movedFrom.get(desired.address);
  return {
    address: desired.address,
    type: "setting",
    createBeforeDestroy: false,
    name: desired.key,
    ...(previousAddress !== undefined && { previousAddress }),
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: previousAddress === undefined ? [RESTART_NOTE] : [],
  };
}
