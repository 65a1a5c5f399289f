import type { Action } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { MachineFacts } from "../model/machine.ts";
import { type AttributeChange, UNKNOWN, type ChangeReason } from "../model/plan.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { textDigest } from "../model/machine-inputs.ts";
import { attribute, inReferenceOrder } from "../diff/attributes.ts";
import type { MachineDiff } from "../diff/machine.ts";
import { originAttribute } from "../diff/origin.ts";
import { newSettings } from "../diff/settings.ts";
import { lastOf, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { defaultAction, deposedDeletes, leftDeletes } from "./existing-machine.ts";
import { incapable } from "./limits-of.ts";
import { begin } from "./make-action.ts";
import { finalRename, makeMachine, newTarget, type Making } from "./new-machine.ts";
import { problem } from "./problems.ts";

interface Creating {
  readonly reason?: ChangeReason;
  /** What is left in state: predecessors that hold the name until they are deleted. */
  readonly left?: MachineResource | undefined;
  readonly refreshed?: MachineResource | null;
}

/** Makes a machine that isn't there. */
export function createMachine(desk: Desk, desired: DesiredMachine, creating: Creating): Decision {
  const { refreshed, left, reason } = creating;
  const made = makeAll(desk, desired, {
    before: [],
    deposed: deposedDeletes(desk, ownerOf(desk, desired), left?.deposed),
  });
  if (made.diagnostics.length > 0) return refused(desired.address, ...made.diagnostics);
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: "create",
    createBeforeDestroy: false,
    ...(reason !== undefined && { reason }),
    attributes: newAttributes(desk, desired),
    unchanged: 0,
  };
  return { ...made, change, ...(refreshed !== undefined && { refreshed }), settled: desired };
}

interface Replacing {
  readonly standing: {
    readonly live: MachineFacts;
    readonly recovered: boolean;
    /** Absent where it is adopted by this very plan. */
    readonly state?: MachineResource;
    /** Predecessors at the address of one that is adopted. */
    readonly deposed?: MachineResource["deposed"];
  };
  /** Takes it into state before it is replaced. */
  readonly adopting?: Action;
  readonly diff: MachineDiff;
  readonly reason: ChangeReason;
}

/** Replaces a machine: the old one first, or with `createBeforeDestroy` the new one under a temporary name. */
export function replaceMachine(desk: Desk, desired: DesiredMachine, replacing: Replacing): Decision {
  const { standing, diff, reason } = replacing;
  if (desired.lifecycle.preventDestroy) return refused(desired.address, prevented(desired, reason, diff.attributes));
  const { before, deposed, first } = departures(desk, desired, replacing);
  const clash = first ? portClash(desired) : undefined;
  if (clash !== undefined) return refused(desired.address, clash);
  const made = makeAll(desk, desired, { before, deposed });
  if (made.diagnostics.length > 0) return refused(desired.address, ...made.diagnostics);
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: "replace",
    createBeforeDestroy: first,
    reason,
    recovered: standing.recovered,
    attributes: replacedAttributes(standing, diff),
    unchanged: diff.unchanged,
  };
  return { ...made, change, settled: desired, diagnostics: diff.diagnostics };
}

/** `ORB_PREVENT_DESTROY` for a machine of the stack, with what would have made it necessary. */
export function prevented(
  desired: DesiredMachine,
  reason: ChangeReason,
  attributes: readonly AttributeChange[] = [],
): Diagnostic {
  const forcing = attributes.filter((each) => each.forcesReplacement).map((each) => each.path);
  const because = forcing.length > 0 ? `${forcing.join(", ")} changed` : reason.replace(/^.*: /, "");
  return problem(desired, {
    code: "ORB_PREVENT_DESTROY",
    summary: "Machine must not be destroyed",
    detail: `${desired.address} would be replaced (${because}), and its lifecycle says preventDestroy. Nothing is done to it.`,
    hint: `Undo the change, or take preventDestroy out and run: orb plan`,
  });
}

/** Which machines go before the new one is made, and which once it is ready. */
function departures(desk: Desk, desired: DesiredMachine, { standing, reason, adopting }: Replacing) {
  const owner = ownerOf(desk, desired);
  const { state, live } = standing;
  const taking = adopting === undefined ? [] : [adopting];
  // What an earlier replacement left goes first: then there is one machine, which is current until its successor is ready.
  const left = leftDeletes(desk, owner, standing.deposed ?? state?.deposed);
  const first = desired.lifecycle.createBeforeDestroy && reason !== "delete: half deleted";
  if (first) {
    const deposed = deposedDeletes(desk, owner, [{ id: live.id, name: live.name }]);
    return { before: [...taking, ...left], deposed: deposed.map(asReplacing), first };
  }
  return { before: [...taking, ...left, deleteAction(desk, desired, standing)], deposed: [], first };
}

function asReplacing(action: Action): Action {
  return action.kind === "delete" ? { ...action, replacing: true } : action;
}

function deleteAction(desk: Desk, desired: DesiredMachine, { live }: Replacing["standing"]): Action {
  const owner = ownerOf(desk, desired);
  return {
    ...begin("delete", owner),
    target: { address: desired.address, id: live.id },
    name: live.name,
    temporaryName: desk.temporaryName(live.name, "del", desired.address),
    deposed: false,
    replacing: true,
  };
}

interface Around {
  readonly before: readonly Action[];
  /** Deleted once the new machine is ready; until then they hold the name. */
  readonly deposed: readonly Action[];
}

function makeAll(desk: Desk, desired: DesiredMachine, { before, deposed }: Around) {
  const owner = ownerOf(desk, desired);
  const later = deposed.length > 0;
  const name = later ? desk.temporaryName(desired.name, "tmp", desired.address) : desired.name;
  const making = makeMachine(desk, desired, name);
  const rename = later ? [...deposed, finalRename(owner, name, desired.name)] : [];
  const setDefault = desired.default ? [defaultAction(owner, newTarget(desired))] : [];
  foresee(desk, desired, making);
  return {
    address: desired.address,
    chain: [...before, ...making.chain, ...rename, ...setDefault],
    ...lastOf(making.chain),
    diagnostics: [...making.diagnostics, ...incapable(desk.scene, desired, desired.settings)],
  };
}

function foresee(desk: Desk, desired: DesiredMachine, { settings }: Making): void {
  const running = desired.power === "running" || (desired.power === "any" && desired.origin.kind === "image");
  desk.outlooks.set(desired.address, { made: true, booted: true, settings, running });
}

function draft(desk: Desk, desired: DesiredMachine) {
  const previousAddress = desk.scene.movedFrom.get(desired.address);
  return {
    address: desired.address,
    type: "machine" as const,
    name: desired.name,
    ...(previousAddress !== undefined && { previousAddress }),
    recovered: false,
    notes: [],
  };
}

function newAttributes(desk: Desk, desired: DesiredMachine): readonly AttributeChange[] {
  const { values, scene } = desk;
  const text = desired.cloudInit?.text;
  const attributes = [
    attribute("id", { after: UNKNOWN }),
    attribute("name", { after: desired.name }),
    originAttribute(desired.origin),
    ...newSettings(desired.settings, values),
    attribute("power", { after: desired.power }),
  ];
  if (desired.arch !== undefined) attributes.push(attribute("arch", { after: desired.arch }));
  if (text !== undefined) {
    attributes.push(attribute("cloudInit", { after: textDigest(text, values.lookup, scene.input.digest) ?? UNKNOWN }));
  }
  if (desired.default) attributes.push(attribute("default", { after: true }));
  if (desired.identity === "fresh") attributes.push(attribute("identity", { after: "fresh" }));
  if (Object.keys(desired.labels).length > 0) attributes.push(attribute("labels", { after: desired.labels }));
  if (desired.groups.length > 0) attributes.push(attribute("groups", { after: desired.groups }));
  if (desired.power !== "stopped") attributes.push(attribute("ip4", { after: UNKNOWN }));
  return inReferenceOrder(attributes);
}

function replacedAttributes({ live }: Replacing["standing"], diff: MachineDiff): readonly AttributeChange[] {
  return inReferenceOrder([attribute("id", { before: live.id, after: UNKNOWN }), ...diff.attributes]);
}

function portClash(desired: DesiredMachine): Diagnostic | undefined {
  const { httpPort, httpsPort } = desired.settings;
  const fixed = [httpPort, httpsPort].some((port) => port !== undefined && port !== null && port !== 0);
  if (!fixed) return undefined;
  return problem(desired, {
    code: "ORB_PROPERTY_INVALID",
    summary: "Both machines can't have one port",
    detail:
      `${desired.address} is to be made before its predecessor goes (createBeforeDestroy), and both would have the ` +
      "same httpPort or httpsPort. Nothing is done to it.",
    hint: "Leave the port automatic, or take createBeforeDestroy out, then run: orb plan",
  });
}

function ownerOf(desk: Desk, desired: DesiredMachine) {
  return ownerAt(desk, desired.address, desired.lifecycle);
}
