import type { Action, ActionId, CloneAction, CreateAction, DeleteAction, Target } from "../../src/model/action.ts";
import { address, type Address } from "../../src/model/address.ts";
import type { InsideType } from "../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { machineId, machineName, type MachineFacts, type MachineName } from "../../src/model/machine.ts";
import type { DesiredInside, DesiredMachine, DesiredSetting } from "../../src/model/resource.ts";
import type { MachineResource } from "../../src/model/snapshot.ts";
import { machineState } from "./state-builders.ts";

/** The address `machine.KEY`. */
export const at = (key: string): Address => address("machine", key);

/** An action's id as the planner gives it. */
export const actionId = (text: string): ActionId => text as ActionId;

/** A name that is known to be safe. */
export function named(text: string): MachineName {
  const name = machineName(text);
  if (name === undefined) throw new Error(`${text} is no machine name`);
  return name;
}

/** A machine that a stack declares, from an Ubuntu image. */
export function desired(key: string, changes: Partial<DesiredMachine> = {}): DesiredMachine {
  return {
    type: "machine",
    address: at(key),
    name: key,
    origin: { kind: "image", distro: "ubuntu" },
    settings: {},
    power: "running",
    default: false,
    identity: "keep",
    ready: { kind: "answers", timeoutMs: 60_000 },
    labels: {},
    groups: [],
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    ...changes,
  };
}

/** A global setting that a stack declares. */
export function desiredSetting(key: string, value: string | number): DesiredSetting {
  return {
    type: "setting",
    address: address("setting", key),
    key,
    value,
    onRemove: "restore",
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
  };
}

const BASE = { after: [], expectedMs: 1000, timeoutMs: 120_000, retries: 3 };

type Of<K> = Action extends infer A
  ? A extends { readonly kind: infer Kinds }
    ? K extends Kinds
      ? A
      : never
    : never
  : never;

type Own<A> = A extends unknown ? Omit<A, keyof typeof BASE | "id" | "address" | "kind"> : never;

/** Any action of a machine: `machine.KEY:KIND`. */
export function action<K extends Action["kind"]>(
  key: string,
  kind: K,
  rest: Own<Of<K>> & { readonly after?: readonly ActionId[]; readonly timeoutMs?: number },
): Of<K> {
  return { ...BASE, id: actionId(`machine.${key}:${kind}`), address: at(key), kind, ...rest } as unknown as Of<K>;
}

/** Makes `machine.KEY` from an image. */
export function create(key: string, changes: Partial<CreateAction> = {}): CreateAction {
  return {
    ...BASE,
    id: actionId(`machine.${key}:create`),
    address: at(key),
    kind: "create",
    name: key,
    distro: "ubuntu",
    version: null,
    arch: null,
    cloudInit: null,
    settings: {},
    ready: { kind: "answers", timeoutMs: 60_000 },
    identity: "keep",
    ...changes,
  };
}

/** Makes `machine.KEY` from another machine. */
export function clone(key: string, source: Target, changes: Partial<CloneAction> = {}): CloneAction {
  return {
    ...BASE,
    id: actionId(`machine.${key}:clone`),
    address: at(key),
    kind: "clone",
    name: key,
    source,
    ...changes,
  };
}

/** Deletes the machine of `machine.KEY`. */
export function remove(key: string, id: string, changes: Partial<DeleteAction> = {}): DeleteAction {
  return {
    ...BASE,
    id: actionId(`machine.${key}:delete`),
    address: at(key),
    kind: "delete",
    target: target(key, id),
    name: key,
    temporaryName: `${key}-orbform-del-1a2b`,
    deposed: false,
    replacing: false,
    ...changes,
  };
}

/** A machine that the plan knows by id, or (without one) as the one this plan makes. */
export function target(key: string, id: string | null = null): Target {
  return { address: at(key), id: id === null ? null : machineId(id) };
}

/** What state keeps of a machine that exists. */
export function stateOf(facts: MachineFacts, changes: Partial<MachineResource> = {}): MachineResource {
  const { id, name, settings, image, state } = facts;
  return machineState(name, { id, made: settings, seen: { settings, image, power: state }, ...changes });
}

/** Something inside `machine.ON`, at `TYPE.KEY`. */
export function inside(
  type: InsideType,
  key: string,
  properties: DesiredInside["properties"],
  changes: Partial<DesiredInside> = {},
): DesiredInside {
  const on = changes.on ?? at("web");
  return {
    type,
    address: address(type, key),
    on,
    properties,
    restartOn: [],
    sensitive: false,
    lifecycle: DEFAULT_LIFECYCLE,
    ...changes,
    dependencies: [...new Set([on, ...(changes.restartOn ?? []), ...(changes.dependencies ?? [])])].toSorted(),
  };
}
