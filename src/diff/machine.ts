import type { Diagnostic } from "../model/diagnostic.ts";
import type { MachineFacts } from "../model/machine.ts";
import { nameKey } from "../model/machine.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { AttributeChange, ChangeReason } from "../model/plan.ts";
import type { DesiredMachine } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { attribute, inReferenceOrder, isIgnored, type Values } from "./attributes.ts";
import { diffOrigin } from "./origin.ts";
import { diffSettings, type SettingsDiff } from "./settings.ts";

/** A machine of the stack beside the live one it stands for. */
export interface MachinePair {
  readonly desired: DesiredMachine;
  readonly live: MachineFacts;
  /** Absent on adoption: then what can't be read back is taken as the stack has it. */
  readonly prior: MachineResource | undefined;
  /** Whether it is OrbStack's default machine; absent where nothing asked. */
  readonly isDefault?: boolean;
  readonly values: Values;
  readonly digest: Digest;
}

/** How a machine differs from what the stack wants, and by what means each difference goes away. */
export interface MachineDiff {
  /** In the order of the stack reference. */
  readonly attributes: readonly AttributeChange[];
  /** How many managed properties stay as they are. */
  readonly unchanged: number;
  readonly renameTo: string | undefined;
  readonly config: SettingsDiff;
  readonly power: "start" | "stop" | undefined;
  readonly default: "set" | "clear" | undefined;
  readonly replace: ChangeReason | undefined;
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares one machine with its declaration, property by property. */
export function diffMachine(pair: MachinePair): MachineDiff {
  const origin = diffOrigin(pair);
  const config = diffSettings({ ...pair, live: pair.live.settings });
  const renameTo = renameNeeded(pair);
  const power = powerNeeded(pair);
  const setDefault = defaultNeeded(pair);
  const own = bookkeeping(pair);
  if (renameTo !== undefined) own.push(attribute("name", { before: pair.live.name, after: renameTo }));
  if (power !== undefined) own.push(attribute("power", { before: pair.live.state, after: powerAfter(power) }));
  if (setDefault !== undefined)
    own.push(attribute("default", { before: setDefault === "clear", after: setDefault === "set" }));
  const simple = ["name", "power", "default", "labels", "groups"].length;
  return {
    attributes: inReferenceOrder([...origin.attributes, ...config.attributes, ...own]),
    unchanged: origin.unchanged + config.unchanged + simple - own.length,
    renameTo,
    config,
    power,
    default: setDefault,
    replace: origin.replace,
    diagnostics: origin.diagnostics,
  };
}

function renameNeeded({ desired, live }: MachinePair): string | undefined {
  if (nameKey(desired.name) === nameKey(live.name)) return undefined;
  return isIgnored("name", desired.lifecycle.ignoreChanges) ? undefined : desired.name;
}

/** `any` is left alone, but for power that an interrupted action of ours owes it. */
function powerNeeded({ desired, live, prior }: MachinePair): "start" | "stop" | undefined {
  if (isIgnored("power", desired.lifecycle.ignoreChanges)) return undefined;
  const wanted = desired.power === "any" ? prior?.returnTo : desired.power;
  if (wanted === "running" && live.state === "stopped") return "start";
  return wanted === "stopped" && live.state === "running" ? "stop" : undefined;
}

function powerAfter(power: "start" | "stop"): string {
  return power === "start" ? "running" : "stopped";
}

function defaultNeeded({ desired, prior, isDefault }: MachinePair): "set" | "clear" | undefined {
  if (isIgnored("default", desired.lifecycle.ignoreChanges)) return undefined;
  const wasOurs = prior?.inputs.default ?? false;
  if (desired.default) return (isDefault ?? wasOurs) ? undefined : "set";
  return wasOurs && isDefault === true ? "clear" : undefined;
}

/** Labels and groups live in the snapshot only: shown as an update, done by no action. */
function bookkeeping({ desired, prior }: MachinePair): AttributeChange[] {
  if (prior === undefined) return [];
  const changed: AttributeChange[] = [];
  for (const path of ["labels", "groups"] as const) {
    const before = prior.inputs[path];
    const after = desired[path];
    if (isIgnored(path, desired.lifecycle.ignoreChanges) || sameJson(before, after)) continue;
    changed.push(attribute(path, { before, after }));
  }
  return changed;
}
