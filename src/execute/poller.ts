import type { Driver, Observation } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import { nameKey, type MachineFacts, type MachineId } from "../model/machine.ts";

/** Which machine in a list. */
export type Sought = { readonly id: MachineId } | { readonly name: string };

/** One `list` at a time for all who wait: however many machines are on their way, one call in each interval. */
export interface Poller {
  /**
   * The list as of a moment after this call; `undefined` where it could not be read, which says nothing of any machine.
   */
  next(): Promise<Observation | undefined>;
}

/** Makes the shared poller. @default intervalMs 1000 */
export function poller(ports: { readonly driver: Driver; readonly clock: Clock }, intervalMs = 1000): Poller {
  let pending: Promise<Observation | undefined> | undefined;
  const read = async (): Promise<Observation | undefined> => {
    await ports.clock.sleep(intervalMs);
    // Whoever asks from here on needs a later list than the one that is being read.
    pending = undefined;
    try {
      return await ports.driver.observe({ settings: false, default: false });
    } catch {
      // A failed list is unknown, not absent: who waits goes on waiting until its own deadline.
      return undefined;
    }
  };
  return { next: () => (pending ??= read()) };
}

/** The machine in a list, or `undefined`. Names are compared without case. */
export function findIn(observation: Observation, sought: Sought): MachineFacts | undefined {
  if ("id" in sought) return observation.machines.find((machine) => machine.id === sought.id);
  const key = nameKey(sought.name);
  return observation.machines.find((machine) => nameKey(machine.name) === key);
}
