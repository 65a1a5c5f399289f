import type { Operation } from "../../src/driver/driver.ts";
import type { MachineDetails } from "../../src/model/machine.ts";
import { named } from "./asks.ts";
import type { DriverWorld } from "./driver-worlds.ts";

/** Writes nothing down. */
export const begin = (): Promise<void> => Promise.resolve();

/** A world with a few words for what tests do often. */
export interface Handled extends DriverWorld {
  readonly perform: (operation: Operation) => Promise<void>;
  readonly create: (...names: readonly string[]) => Promise<void>;
  readonly found: (name: string) => Promise<MachineDetails>;
}

/** The world with those words. */
export function handled(world: DriverWorld): Handled {
  const { driver } = world;
  const perform = (operation: Operation): Promise<void> => driver.perform(operation, { begin });
  return {
    ...world,
    perform,
    create: async (...names) => {
      for (const name of names) await perform({ verb: "create", name: named(name), distro: "ubuntu", settings: {} });
    },
    found: async (name) => {
      const details = await driver.inspect({ name: named(name) }, { settings: true });
      if (!details) throw new Error(`There is no machine ${name}.`);
      return details;
    },
  };
}
