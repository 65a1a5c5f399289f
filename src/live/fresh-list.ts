import type { Driver } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { MachineFacts, MachineId, MachineState } from "../model/machine.ts";

/** Of all machines, how long it is known at most that they run: from then on one is asked for before it is looked into. */
const FRESH_MS = 1000;

/** The machines as they were listed. */
export interface Listed {
  readonly machines: readonly MachineFacts[];
  /** When. Epoch ms. */
  readonly at: number;
}

/** What machines are doing, as it was at most a second ago. */
export interface FreshList {
  /** `undefined` where it is gone. */
  stateOf(machine: MachineId): Promise<MachineState | undefined>;
  /** Those that were asked for and did not run any more. */
  readonly stopped: ReadonlyMap<MachineId, MachineState>;
}

/** A list that is read again where it is old: what is run in a machine that has stopped meanwhile would start it. */
export function freshList(
  { driver, clock }: { readonly driver: Pick<Driver, "observe">; readonly clock: Clock },
  listed: Listed,
): FreshList {
  const stopped = new Map<MachineId, MachineState>();
  let at = listed.at;
  let latest = Promise.resolve(listed.machines);
  return {
    stopped,
    stateOf: async (machine) => {
      if (clock.now() - at > FRESH_MS) {
        at = clock.now();
        latest = driver.observe({ settings: false, default: false }).then(({ machines }) => machines);
      }
      const state = (await latest).find(({ id }) => id === machine)?.state;
      if (state !== undefined && state !== "running") stopped.set(machine, state);
      return state;
    },
  };
}
