import type { Driver, ExecRequest, ObserveScope, Operation, PerformOptions, Verb } from "../../src/driver/driver.ts";
import { machineName, type MachineId, type MachineName, type MachineSettings } from "../../src/model/machine.ts";

/** Whom an ask is put to. */
export interface Asked {
  readonly driver: Driver;
  /** The id of a machine by its name; an id that no machine has where there is none. */
  readonly id: (name: string) => Promise<MachineId>;
  readonly options: PerformOptions;
}

/** Something the driver is asked to do or to tell. Machines go by name: which id that is, differs from world to world. */
export interface Ask {
  /** `read`: it changes nothing. */
  readonly verb: Verb | "read";
  readonly of: (asked: Asked) => Promise<unknown>;
}

/** A machine's name, known to be fit. */
export function named(text: string): MachineName {
  const found = machineName(text);
  if (found === undefined) throw new Error(`${text} is no machine's name`);
  return found;
}

function performs(verb: Verb, operation: (asked: Asked) => Promise<Operation> | Operation): Ask {
  return { verb, of: async (asked) => asked.driver.perform(await operation(asked), asked.options) };
}

function reads(of: Ask["of"]): Ask {
  return { verb: "read", of };
}

type Made = Omit<Extract<Operation, { verb: "create" }>, "verb" | "name">;

/** Asks for a machine; of ubuntu, without settings, unless said otherwise. */
export const create = (name: string, more: Partial<Made> = {}): Ask =>
  performs("create", () => ({ verb: "create", name: named(name), distro: "ubuntu", settings: {}, ...more }));

export const clone = (source: string, name: string): Ask =>
  performs("clone", async ({ id }) => ({ verb: "clone", source: await id(source), name: named(name) }));

export const rename = (which: string, to: string): Ask =>
  performs("rename", async ({ id }) => ({ verb: "rename", id: await id(which), to: named(to) }));

export const power = (verb: "start" | "stop" | "restart", which: string): Ask =>
  performs(verb, async ({ id }) => ({ verb, id: await id(which) }));

export const remove = (name: string): Ask => performs("delete", () => ({ verb: "delete", name: named(name) }));

export const configure = (name: string, settings: MachineSettings): Ask =>
  performs("configure", () => ({ verb: "configure", name: named(name), settings }));

export const set = (key: string, value: string): Ask => performs("set", () => ({ verb: "set", key, value }));

export const setDefault = (name: string | null): Ask =>
  performs("set-default", () => ({ verb: "set-default", name: name === null ? null : named(name) }));

export const exportTo = (name: string, path: string): Ask =>
  performs("export", () => ({ verb: "export", name: named(name), path }));

export const restore = (path: string, name: string): Ask =>
  performs("restore", () => ({ verb: "restore", path, name: named(name) }));

export const observe = (scope: Partial<ObserveScope> = {}): Ask =>
  reads(({ driver }) => driver.observe({ settings: false, default: false, ...scope }));

export const inspect = (name: string, settings = false): Ask =>
  reads(({ driver }) => driver.inspect({ name: named(name) }, { settings }));

export const inspectId = (name: string): Ask =>
  reads(async ({ driver, id }) => driver.inspect({ id: await id(name) }, { settings: false }));

export const exec = (name: string, command: readonly string[], more: Partial<ExecRequest> = {}): Ask =>
  reads(async ({ driver, id }) => driver.exec({ machine: await id(name), command, ...more }));

export const logs = (name: string): Ask => reads(({ driver }) => driver.logs({ name: named(name) }));

export const capabilities: Ask = reads(({ driver }) => driver.capabilities());

export const connection = (name: string): Ask => reads(({ driver }) => driver.connection({ name: named(name) }));
