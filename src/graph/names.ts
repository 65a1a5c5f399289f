import type { Action, ActionId, DeleteAction, RenameAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { nameKey } from "../model/machine.ts";
import type { Edges } from "./edges.ts";
import type { Part } from "./part.ts";

/** Makes the rename by which a holder lets go of its name early, before anything else is done to it. */
export type GiveTemporaryName = (holder: RenameAction | DeleteAction) => RenameAction;

/** Who lets go of a name by which action, and all that is done to it. */
export interface Holder {
  readonly address: Address;
  readonly chain: readonly Action[];
}

/** Rule 2: a name is taken only after whoever holds it has let go. */
export function orderNames(parts: readonly Part[], edges: Edges): void {
  const released = new Map<string, ActionId>();
  for (const { chain } of parts) {
    const given = new Set<string>();
    for (const action of chain) {
      const taken = takenName(action);
      const old = isRelease(action) ? nameKey(releasedName(action)) : undefined;
      // A name given on the way is held by nobody before.
      if (old !== undefined && !given.has(old)) released.set(old, action.id);
      if (taken !== undefined) given.add(nameKey(taken));
    }
  }
  for (const { chain } of parts) {
    for (const action of chain) {
      const name = takenName(action);
      const before = name === undefined ? undefined : released.get(nameKey(name));
      if (before !== undefined) edges.add(action.id, before, "name");
    }
  }
}

/** The parts whose actions let go of a name, by those actions. */
export function holdersOf(parts: readonly Part[]): ReadonlyMap<ActionId, Holder> {
  const holders = new Map<ActionId, Holder>();
  for (const part of parts) {
    for (const action of part.chain) if (isRelease(action)) holders.set(action.id, part);
  }
  return holders;
}

/** The name that an action gives to a machine. */
export function takenName(action: Action): string | undefined {
  if (action.kind === "rename") return action.to;
  const makes = action.kind === "create" || action.kind === "clone" || action.kind === "restore";
  return makes ? action.name : undefined;
}

/** Whether a machine no longer has its present name after the action. */
export function isRelease(action: Action): action is RenameAction | DeleteAction {
  return action.kind === "rename" || action.kind === "delete";
}

/** The name a machine has before the action, and not after. */
export function releasedName(action: RenameAction | DeleteAction): string {
  return action.kind === "rename" ? action.from : action.name;
}
