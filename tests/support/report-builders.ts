import type { Action, ActionId } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import { parseAddress } from "../../src/model/address.ts";
import type { ExecuteEvent } from "../../src/model/execute-event.ts";
import type { AttributeChange, Change, Plan } from "../../src/model/plan.ts";

/** An address that is known to be one. */
export function at(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`no address: ${text}`);
  return address;
}

/** An action's id. */
export function actionId(text: string): ActionId {
  return text as ActionId;
}

/** One property's change. */
export function attribute(path: string, sides: Partial<AttributeChange>): AttributeChange {
  return { path, forcesReplacement: false, ...sides };
}

/** A change of a machine; the key is its name unless told otherwise. */
export function change(address: string, parts: Partial<Change> = {}): Change {
  return {
    address: at(address),
    type: "machine",
    action: "update",
    createBeforeDestroy: false,
    name: address.split(".").at(-1) ?? "",
    recovered: false,
    attributes: [],
    unchanged: 0,
    actions: [],
    notes: [],
    ...parts,
  };
}

/** A plan with these parts; empty otherwise. */
export function planWith(parts: Partial<Plan> = {}): Plan {
  return {
    format: 1,
    mode: "normal",
    stack: "dev",
    world: { driver: "simulator", host: "h" },
    lineage: "l",
    serial: 1,
    changes: [],
    drift: [],
    actions: [],
    refreshed: {},
    settled: {},
    outputs: {},
    outputChanges: [],
    diagnostics: [],
    allGone: false,
    summary: { add: 0, change: 0, destroy: 0, forget: 0, adopt: 0 },
    ...parts,
  };
}

const base = (id: string, address: string) =>
  ({ id: actionId(id), address: at(address), after: [], expectedMs: 1000, timeoutMs: 60_000, retries: 3 }) as const;

/** A rename of the machine at an address. */
export function renaming(address: string, how: { from: string; to: string; temporary?: boolean }): Action {
  const { from, to, temporary = false } = how;
  const id = `${address}:rename${temporary ? "-away" : ""}`;
  return { ...base(id, address), kind: "rename", target: { address: at(address), id: null }, from, to, temporary };
}

/** A restart of the machine at an address. */
export function restarting(address: string): Action {
  const target = { address: at(address), id: null };
  return { ...base(`${address}:restart`, address), kind: "restart", target, ready: null, identity: "keep" };
}

/** The beginning of a create. */
export function started(address: string, atMs: number): ExecuteEvent {
  return {
    event: "started",
    action: actionId(`${address}:create`),
    address: at(address),
    does: "create",
    at: atMs,
    expectedMs: 20_000,
  };
}

/** The end of a create. */
export function succeeded(address: string, atMs: number, tookMs: number): ExecuteEvent {
  return {
    event: "succeeded",
    action: actionId(`${address}:create`),
    address: at(address),
    does: "create",
    at: atMs,
    tookMs,
    machineId: "01JMACHINE",
  };
}
