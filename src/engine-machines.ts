/** What can be known of machines without a plan: whose they are, how they are reached. Changes nothing. */
import type { Driver } from "./driver/driver.ts";
import { readInventory } from "./live/inventory.ts";
import type { Clock } from "./model/clock.ts";
import type { Inventory } from "./model/inventory.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { refuseOtherWorld } from "./plan/refuse.ts";

/** What knowing needs of the outside. */
export interface KnowingPorts {
  readonly driver: Driver;
  readonly clock: Clock;
  /** The stack's state; `undefined` where nothing was applied, or where no stack is meant. */
  readonly prior: Snapshot | undefined;
}

/** Which hosts are asked for, and who is told of what is missing. */
export interface InventoryRequest {
  /** Every machine that OrbStack has. */
  readonly all: boolean;
  readonly warn: (notice: string) => void;
}

/** The hosts of a stack, or all there are: also where no state says which are the stack's. Errors: the driver's, `ORB_OTHER_WORLD`. */
export async function inventoryOf(ports: KnowingPorts, { all, warn }: InventoryRequest): Promise<Inventory> {
  const { driver, clock, prior } = ports;
  if (prior !== undefined) refuseOtherWorld(prior.world, await driver.world());
  else if (!all) warn("Note: there is no state yet, so these are all machines that OrbStack has, as with --all.");
  return await readInventory({ driver, clock, prior, all, warn });
}
