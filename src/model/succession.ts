/** Who is current at an address while a machine is replaced by one that is made first. Pure. */
import type { Address } from "./address.ts";
import type { MachineFacts } from "./machine.ts";
import { isInsideResource, type Deposed, type MachineResource, type ResourceState } from "./snapshot.ts";

/** A machine's state by itself: without who came before it, or is to come after it. */
export function alone(state: MachineResource): MachineResource {
  const { deposed: _deposed, pending: _pending, ...own } = state;
  return own;
}

/** A predecessor that takes its place again, and its state then. */
export interface Reinstated {
  readonly live: MachineFacts;
  /** Its successor, if that is there, is among its `deposed`. */
  readonly state: MachineResource;
}

/**
 * The predecessor of a machine that is given up: until the new one is ready the old one is current, whatever becomes of the
 * new one (engine rule 5). `undefined` where there is none, or none of which enough is known.
 */
export function reinstated(
  state: MachineResource,
  find: (id: string) => MachineFacts | undefined,
): Reinstated | undefined {
  const old = state.deposed?.findLast(({ id, was }) => was !== undefined && isSound(was) && find(id) !== undefined);
  const live = old && find(old.id);
  if (old?.was === undefined || live === undefined) return undefined;
  const others = (state.deposed ?? []).filter((each) => each.id !== old.id);
  const successor: readonly Deposed[] =
    state.id === undefined ? [] : [{ id: state.id, name: state.name, was: alone(state) }];
  const deposed = [...others, ...successor];
  return {
    live,
    state: {
      ...old.was,
      id: live.id,
      name: live.name,
      revision: state.revision + 1,
      ...(deposed.length > 0 && { deposed }),
    },
  };
}

/** What something inside was in a machine that is gone counts no more. `find` gives what state has at an address. */
export function withoutGone(state: ResourceState, find: (on: Address) => ResourceState | undefined): ResourceState {
  if (!isInsideResource(state) || state.was === undefined) return state;
  const { was, ...current } = state;
  const machine = find(state.on);
  const left = machine?.type === "machine" ? [machine.id, ...(machine.deposed ?? []).map(({ id }) => id)] : [];
  return left.includes(was.machine) ? state : current;
}

/** It was ready, and nobody has begun to delete it. */
function isSound({ status, halfDeleted }: MachineResource): boolean {
  return status === "ready" && halfDeleted === undefined;
}
