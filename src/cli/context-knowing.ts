/** The composition root of commands that only look at machines: they need a driver, and no stack has to be there. */
import { inventoryOf, type InventoryRequest, type KnowingPorts } from "../engine-machines.ts";
import {
  connectionOf,
  logOf,
  probeFrom,
  statusOf,
  type Probed,
  type ProbeRequest,
  type StatusRequest,
} from "../engine-probe.ts";
import type { Connection } from "../model/connection.ts";
import { isOrbformError } from "../model/errors.ts";
import type { Inventory } from "../model/inventory.ts";
import type { MachineStatus } from "../model/probe.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { OpenOptions } from "./context.ts";
import { openMachines, type Machines } from "./context-machines.ts";

/** Machines as they are looked at, beside the state of a stack where there is one. */
export interface Knowing {
  /** Errors: those of {@link inventoryOf}. */
  inventory(request: InventoryRequest): Promise<Inventory>;
  /** Errors: those of {@link probeFrom}. */
  probe(request: ProbeRequest): Promise<Probed>;
  status(request: StatusRequest): Promise<readonly MachineStatus[]>;
  /** The boot log of the machine that a word means. */
  log(word: string): Promise<{ readonly name: string; readonly log: string }>;
  connection(word: string): Promise<{ readonly name: string; readonly connection: Connection }>;
  close(): Promise<void>;
}

/** Which machines a call is about. */
export interface KnowingOptions extends OpenOptions {
  /** Machines outside of any stack are meant too: then no stack has to be found. */
  readonly all: boolean;
}

/** Opens the machines of a project. Errors: `ORB_STACK_AMBIGUOUS`, `ORB_STACK_NOT_FOUND` for a stack that was named, `ORB_NO_ORBCTL`. */
export async function openKnowing(options: KnowingOptions): Promise<Knowing> {
  const machines = await openMachines(options);
  const { driver, clock } = machines;
  try {
    const ports: KnowingPorts = { driver, clock, prior: await priorOf(options, machines) };
    return {
      inventory: (request) => inventoryOf(ports, request),
      probe: (request) => probeFrom(ports, request),
      status: (request) => statusOf(ports, request),
      log: (word) => logOf(ports, word),
      connection: (word) => connectionOf(ports, word),
      close: () => driver.close(),
    };
  } catch (error) {
    await driver.close();
    throw error;
  }
}

/** `undefined` where there is no stack, or where all machines are meant and no one stack is. */
async function priorOf(options: KnowingOptions, { snapshot }: Machines): Promise<Snapshot | undefined> {
  try {
    return await snapshot();
  } catch (error) {
    if (options.all && isOrbformError(error) && error.code === "ORB_STACK_AMBIGUOUS") return undefined;
    throw error;
  }
}
