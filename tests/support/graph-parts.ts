/** Parts of a graph put together by hand, and what their order makes of them as text. */
import type { Action, DeleteAction, InsideAction, RenameAction } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { isInsideType, type InsideType } from "../../src/model/inside.ts";
import { machineId } from "../../src/model/machine.ts";
import { releasedName } from "../../src/graph/names.ts";
import { order } from "../../src/graph/order.ts";
import type { Part } from "../../src/graph/part.ts";
import { begin } from "../../src/plan/make-action.ts";
import { at } from "./plan-builders.ts";

export const owner = (key: string) => ({
  address: at(key),
  lifecycle: DEFAULT_LIFECYCLE,
  durations: new Map<string, number>(),
});
const idOf = (key: string) => machineId(`ID-${key}`);

export const create = (key: string, name = key): Action => ({
  ...begin("create", owner(key)),
  name,
  distro: "debian",
  version: null,
  arch: null,
  cloudInit: null,
  settings: {},
  ready: null,
  identity: "keep",
});
export const restore = (key: string, name = key): Action => ({
  ...begin("restore", owner(key)),
  name,
  path: "/a",
  digest: "1",
});
export const remove = (key: string, name = key): DeleteAction => ({
  ...begin("delete", owner(key)),
  target: { address: at(key), id: idOf(key) },
  name,
  temporaryName: `${name}-del`,
  deposed: false,
  replacing: false,
});
export const rename = (key: string, from: string, to: string, id = true): RenameAction => ({
  ...begin("rename", owner(key)),
  target: { address: at(key), id: id ? idOf(key) : null },
  from,
  to,
  temporary: false,
});
export const clone = (key: string, source: string, id = true): Action => ({
  ...begin("clone", owner(key)),
  name: key,
  source: { address: at(source), id: id ? idOf(source) : null },
});
export const stop = (key: string): Action => ({
  ...begin("stop", owner(key)),
  target: { address: at(key), id: idOf(key) },
});
export const start = (key: string): Action => ({
  ...begin("start", owner(key), "-again"),
  target: { address: at(key), id: idOf(key) },
  ready: null,
  identity: "keep",
});

/** What is done for one address; what depends on it waits for the last that is no delete. */
export function part(key: string, chain: readonly Action[], given: Partial<Part> = {}): Part {
  const ready = chain.findLast((each) => each.kind !== "delete")?.id;
  return {
    address: at(key),
    chain,
    ...(ready !== undefined && { ready }),
    dependencies: [],
    priorDependencies: [],
    heirs: [],
    ...given,
  };
}

export const needs = (...keys: string[]): { readonly dependencies: readonly Address[] } => ({
  dependencies: keys.map(at),
});
export const needed = (...keys: string[]): { readonly priorDependencies: readonly Address[] } => ({
  priorDependencies: keys.map(at),
});

export function ordered(...parts: readonly Part[]) {
  return order(parts, (holder) => ({
    ...begin("rename", owner(holder.address.replace("machine.", "")), "-temporary"),
    target: holder.target,
    from: releasedName(holder),
    to: `${releasedName(holder)}-tmp`,
    temporary: true,
  }));
}

/** An action a line, with those whose success it waits for, and behind `|` those whose end it waits for. */
export const graph = (...parts: readonly Part[]): readonly string[] =>
  ordered(...parts).actions.map(({ id, after, afterEnd = [] }) =>
    [[id, ...after].join(" < "), ...afterEnd].join(" | ").replaceAll("machine.", ""),
  );

/** Something is done inside a machine, `web` unless told otherwise. */
export function within(
  kind: InsideAction["kind"],
  key: `${InsideType}.${string}`,
  properties: InsideAction["properties"] = {},
  on = "web",
): Action {
  const [subject = ""] = key.split(".");
  if (!isInsideType(subject)) throw new Error(`${key} is nothing inside a machine`);
  const target = { address: at(on), id: idOf(on) };
  return { ...begin(kind, owner(key)), subject, target, properties, before: null, restart: false };
}

/** A machine is exported. */
export const exported = (key: string, machine: string, id = true): Action => ({
  ...begin("export", owner(`archive.${key}`)),
  target: { address: at(machine), id: id ? idOf(machine) : null },
  dir: "/backups",
});

/** Whatever else is done to a machine. */
export const changed = (kind: "start" | "stop" | "restart" | "config", key: string): Action => ({
  ...begin("stop", owner(key), `-by-${kind}`),
  ...CHANGES[kind],
  target: { address: at(key), id: idOf(key) },
});

const CHANGES = {
  start: { kind: "start", ready: null, identity: "keep" },
  stop: { kind: "stop" },
  restart: { kind: "restart", ready: null, identity: "keep" },
  config: { kind: "config", settings: {}, before: {}, needsRestart: false },
} as const;

export const forget = (key: string): Action => begin("forget", owner(key));
