import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import { isUnknown, type AttributeChange, type Change, type Unknown } from "../model/plan.ts";
import type { PolicyAttribute, PolicyChange, PolicyDrift, PolicyMachine, PolicyPlan } from "../model/policy-view.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { machineViews, type MachineViews } from "./machine-views.ts";
import { stateAt, type Judged } from "./judged.ts";

/** A plan as policies see it: frozen, and without anything that is sensitive. */
export function planView(judged: Judged): PolicyPlan {
  const { plan, desired } = judged;
  const views = machineViews(judged);
  const scene: Scene = {
    ...judged,
    views,
    actions: new Map(plan.actions.map((each) => [each.id, each])),
    byAddress: new Map(desired.resources.map((each) => [each.address, each])),
  };
  const isDestroy = plan.mode === "destroy";
  const machines: readonly PolicyMachine[] = isDestroy ? [] : [...views.after.values()];
  return deepFrozen({
    stack: plan.stack,
    env: plan.env,
    mode: isDestroy ? "destroy" : "normal",
    changes: plan.changes.map((each) => changeView(each, scene)),
    machines,
    drift: plan.drift.filter((each) => !each.folded).map(driftView),
    summary: { ...plan.summary },
  });
}

interface Scene extends Judged {
  readonly views: MachineViews;
  readonly actions: ReadonlyMap<string, Action>;
  readonly byAddress: ReadonlyMap<string, DesiredResource>;
}

function changeView(change: Change, scene: Scene): PolicyChange {
  const { address, type, name, action, reason, previousAddress, createBeforeDestroy } = change;
  const isMachine = type === "machine";
  const goes = action === "delete" || action === "forget";
  const machine = machineOf(change, scene);
  return {
    address,
    type,
    name,
    action,
    reason,
    previousAddress,
    createBeforeDestroy,
    steps: change.actions.flatMap((id) => scene.actions.get(id)?.kind ?? []),
    attributes: change.attributes.map(attributeView),
    machine,
    labels: machine === undefined ? {} : labelsOf(machine, scene),
    before: isMachine ? scene.views.before(address) : undefined,
    after: isMachine && !goes ? scene.views.after.get(address) : undefined,
  };
}

/** The machine that a change is about: by its present address in the stack, else by that in the state. */
function machineOf({ address, type }: Change, scene: Scene): Address | undefined {
  if (type === "machine") return address;
  return holderOf(scene.byAddress.get(address)) ?? holderIn(stateAt(scene, address));
}

function holderOf(desired: DesiredResource | undefined): Address | undefined {
  if (desired === undefined) return undefined;
  if (desired.type === "archive") return desired.of;
  return desired.type === "machine" || desired.type === "setting" ? undefined : desired.on;
}

function holderIn(state: ResourceState | undefined): Address | undefined {
  if (state === undefined) return undefined;
  if (state.type === "archive") return state.inputs.of;
  return state.type === "machine" || state.type === "setting" ? undefined : state.on;
}

/** A machine that is there has the labels of its state: whoever takes a label away in the same plan gains nothing by it. */
function labelsOf(machine: Address, scene: Scene): PolicyChange["labels"] {
  const state = stateAt(scene, machine);
  const desired = scene.byAddress.get(machine);
  if (state?.type === "machine") return state.inputs.labels;
  return desired?.type === "machine" ? desired.labels : {};
}

function driftView({ address, name, kind, attributes }: Judged["plan"]["drift"][number]): PolicyDrift {
  return { address, name, kind, attributes: attributes.map(attributeView) };
}

function attributeView({ path, before, after, forcesReplacement }: AttributeChange): PolicyAttribute {
  const sensitive = isTagged(before, "sensitive") || isTagged(after, "sensitive");
  const afterUnknown = isUnknown(after);
  return {
    path,
    ...(before !== undefined && !sensitive && { before }),
    ...(after !== undefined && !sensitive && !isUnknown(after) && { after }),
    afterUnknown,
    sensitive,
    forcesReplacement,
  };
}

function isTagged(side: Json | Unknown | undefined, tag: string): boolean {
  return typeof side === "object" && side !== null && "~orbform" in side && side["~orbform"] === tag;
}

/** Freezes a copy, so that the plan itself and what it was made from can't be changed, and stay as they are. */
function deepFrozen<T>(value: T): T;
function deepFrozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((each: unknown) => deepFrozen(each)));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deepFrozen(each)])));
}
