import { parseAddress } from "../model/address.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** A machine, and where it stands in the stack. */
export interface FoundMachine {
  readonly machine: MachineFacts;
  readonly address?: string;
}

/**
 * The machine that a user's word means: an address of the state, a name or an id. An address that the state has comes
 * before a name, since a name may look like one. `undefined`: there is none.
 */
export function findMachine(
  word: string,
  machines: readonly MachineFacts[],
  prior: Snapshot | undefined,
): FoundMachine | undefined {
  const address = parseAddress(word);
  const recorded = address === undefined ? undefined : prior?.resources[address];
  if (recorded?.type === "machine" && recorded.id !== undefined) {
    const machine = machines.find(({ id }) => id === recorded.id);
    return machine && known(machine, prior);
  }
  const named = machines.find(({ name }) => nameKey(name) === nameKey(word)) ?? machines.find(({ id }) => id === word);
  return named && known(named, prior);
}

/** A machine with its place in the stack, where it has one. */
export function known(machine: MachineFacts, prior: Snapshot | undefined): FoundMachine {
  const found = Object.entries(prior?.resources ?? {}).find(
    ([, resource]) => resource.type === "machine" && resource.id === machine.id,
  );
  return { machine, ...(found && { address: found[0] }) };
}
