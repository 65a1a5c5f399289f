import type { Driver } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { Inventory } from "../model/inventory.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { joinHosts } from "./join-hosts.ts";
import { lacking } from "./observe-scope.ts";

/** One list may lack a machine that is there: this long before it is looked again. Milliseconds. */
const SECOND_LOOK_MS = 500;

/** What an inventory is made of. */
export interface InventoryParts {
  readonly driver: Driver;
  readonly clock: Clock;
  /** The stack's state; `undefined`: every machine, whatever `all` says. */
  readonly prior: Snapshot | undefined;
  /** Every machine that OrbStack lists, not only the stack's. */
  readonly all: boolean;
  /** Told what the inventory lacks. */
  readonly warn: (notice: string) => void;
}

/**
 * The hosts that the state speaks of, found by id among what exists, so that a renamed machine is right. Costs the same
 * few calls however many machines there are: one observation, another where a recorded machine is missing from it, and
 * one question for where SSH listens. Runs nothing on any machine. Errors: the driver's.
 */
export async function readInventory(parts: InventoryParts): Promise<Inventory> {
  const { driver, prior, all } = parts;
  const machines = await observed(parts);
  const joined = joinHosts(machines, prior, all);
  for (const notice of joined.missing) parts.warn(notice);
  const hosts = await Promise.all(
    joined.hosts.map(async ({ machine, ...host }) => ({ ...host, connection: await driver.connection(machine) })),
  );
  return { ...(prior !== undefined && { stack: prior.stack }), hosts };
}

/** Where a recorded machine is missing it is looked once more: only what both lists lack is gone. */
async function observed({ driver, clock, prior }: InventoryParts): Promise<readonly MachineFacts[]> {
  const scope = { settings: true, default: false };
  const { machines } = await driver.observe(scope);
  if (lacking(prior, machines).size === 0) return machines;
  await clock.sleep(SECOND_LOOK_MS);
  const again = await driver.observe(scope);
  return [...new Map([...machines, ...again.machines].map((machine) => [machine.id, machine])).values()];
}
