import type { Json } from "../model/json.ts";
import { isSettled, nameKey, SETTING_KEYS, type MachineFacts } from "../model/machine.ts";
import type { AttributeChange, Drift } from "../model/plan.ts";
import type { DesiredMachine } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { authored, SETTING_PATHS } from "../model/authored.ts";
import { attribute, inReferenceOrder, isIgnored } from "./attributes.ts";
import type { MachineDiff } from "./machine.ts";

/** A machine that stands in state and lives. */
export interface Observed {
  readonly desired: DesiredMachine;
  readonly prior: MachineResource;
  readonly live: MachineFacts;
}

/** Names that only we give, and only for the way: what an open intent explains is recovery, not drift. */
const TEMPORARY_NAME = /-orbform-(?:tmp|del)-[0-9a-f]{4,}$/;

/**
 * What changed outside since the last snapshot, of what the stack manages. Properties that changed to what the stack
 * wants anyway are folded: they are reported only where nothing else changed. `undefined` = no drift.
 */
export function findDrift(observed: Observed, diff: MachineDiff): Drift | undefined {
  const changed: AttributeChange[] = [];
  for (const drift of [nameDrift, powerDrift, settingsDrift]) changed.push(...drift(observed));
  if (changed.length === 0) return undefined;
  const undone = new Set(diff.attributes.map((each) => each.path));
  const standing = changed.filter((each) => undone.has(each.path));
  return {
    address: observed.desired.address,
    name: observed.prior.name,
    kind: "changed",
    attributes: inReferenceOrder(standing.length > 0 ? standing : changed),
    folded: standing.length === 0,
  };
}

function nameDrift({ desired, prior, live }: Observed): readonly AttributeChange[] {
  const ours = TEMPORARY_NAME.test(live.name) || isIgnored("name", desired.lifecycle.ignoreChanges);
  if (ours || nameKey(live.name) === nameKey(prior.name)) return [];
  return [attribute("name", { before: prior.name, after: live.name })];
}

function powerDrift({ desired, prior, live }: Observed): readonly AttributeChange[] {
  const managed = desired.power !== "any" && !isIgnored("power", desired.lifecycle.ignoreChanges);
  if (!managed || prior.returnTo !== undefined || !isSettled(live.state)) return [];
  const before = prior.seen.power;
  return before === live.state ? [] : [attribute("power", { before, after: live.state })];
}

function settingsDrift({ desired, prior, live }: Observed): readonly AttributeChange[] {
  const drift: AttributeChange[] = [];
  for (const key of SETTING_KEYS) {
    const path = SETTING_PATHS[key];
    const managed = desired.settings[key] !== undefined || key in prior.inputs.settings;
    if (!managed || isIgnored(path, desired.lifecycle.ignoreChanges)) continue;
    const before: Json | undefined = prior.seen.settings[key];
    const after: Json | undefined = live.settings[key];
    if (before === undefined || after === undefined || sameJson(before, after)) continue;
    drift.push(attribute(path, { before: authored(key, before), after: authored(key, after) }));
  }
  return drift;
}
