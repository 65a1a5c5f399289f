import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { settingText } from "../model/setting-text.ts";
import type { SettingResource } from "../model/snapshot.ts";
import { attribute } from "../diff/attributes.ts";
import { refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import { problem } from "./problems.ts";
import { claimed } from "./standing.ts";

/** Decides about a global setting that has left the stack: put back only if it still has the value that was set. */
export function decideRemovedSetting(desk: Desk, address: Address, prior: SettingResource): Decision {
  const { key, onRemove } = prior.inputs;
  const { live, options } = desk.scene.input;
  const claim = live.claims[key];
  if (claim !== undefined) return refused(address, claimed({ address }, claim));
  const lifecycle = desk.scene.declared.get(address)?.lifecycle ?? prior.lifecycle;
  const before = live.settings[key] ?? null;
  const kept = (note: string): Decision => forget(desk, address, { prior, reason: "forget: kept", note });
  if (lifecycle.retain) return forget(desk, address, { prior, reason: "forget: retained", note: "its value stays" });
  if (onRemove === "keep") return kept("its value stays");
  if (lifecycle.preventDestroy) return refused(address, prevented(address, "it is to be put back"));
  if (!isOurs(prior, before)) return kept("its value was changed outside, and stays");
  if (before === prior.original) return kept("it already has its original value");
  const back: Action = {
    ...begin("remove", ownerAt(desk, address, prior.lifecycle)),
    subject: "setting",
    key,
    value: prior.original,
    before,
  };
  const change: ChangeDraft = {
    ...leaving(address, prior),
    action: "delete",
    reason: options.mode === "destroy" ? "delete: destroy" : "delete: not in stack",
    attributes: [attribute("value", { before: before ?? undefined, after: prior.original ?? undefined })],
  };
  return { address, chain: [back], change, diagnostics: [] };
}

/** Whether a value is the one we set: as it was seen then, or, of a run that died before it could look, as it was asked for. */
export function isOurs({ seen, inputs }: SettingResource, value: string | null): boolean {
  return value === seen || value === settingText(inputs.value);
}

/** `ORB_PREVENT_DESTROY` for a setting. */
export function prevented(address: Address, why: string): Diagnostic {
  return problem(
    { address },
    {
      code: "ORB_PREVENT_DESTROY",
      summary: "Setting must not be removed",
      detail: `${address} would be removed (${why}), and its lifecycle says preventDestroy. Nothing is done to it.`,
      hint: "Put it back as it was, or apply it once without preventDestroy.",
    },
  );
}

interface Left {
  readonly prior: SettingResource;
  readonly reason: "forget: retained" | "forget: kept";
  readonly note: string;
}

function forget(desk: Desk, address: Address, { prior, reason, note }: Left): Decision {
  return {
    address,
    chain: [begin("forget", ownerAt(desk, address, prior.lifecycle))],
    change: { ...leaving(address, prior), action: "forget", reason, notes: [note] },
    diagnostics: [],
  };
}

function leaving(address: Address, prior: SettingResource): Omit<ChangeDraft, "action"> {
  return {
    address,
    type: "setting",
    createBeforeDestroy: false,
    name: prior.inputs.key,
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
}
