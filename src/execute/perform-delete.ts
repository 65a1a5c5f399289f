import type { DeleteAction } from "../model/action.ts";
import { nameKey, type MachineDetails, type MachineId, type MachineName } from "../model/machine.ts";
import type { MachineResource, ResourceState } from "../model/snapshot.ts";
import { DriverError } from "../driver/errors.ts";
import { safeName } from "./asked.ts";
import type { Done } from "./done.ts";
import { refused, stale } from "./failure.ts";
import { findIn } from "./poller.ts";
import { idOf } from "./run.ts";
import type { Step } from "./step.ts";
import type { Sight } from "./supervise.ts";
import { halfDeleted, withoutDeposed } from "./transition.ts";

/**
 * Deletes a machine for good. OrbStack deletes by name only, so the machine first gets a name that nobody else has, by
 * its id; that name is deleted once it is seen to be this machine's. A stranger who took its old name is never hit.
 */
export async function performDelete(step: Step<DeleteAction>): Promise<Done> {
  const { action } = step;
  const id = idOf(step.run, action.target);
  const machine = id && (await present(step, id));
  if (!id || !machine) return { state: afterwards(step, id) };
  const name = safeName(action.temporaryName);
  if (step.freeSpace) await liftDiskLimit(step, machine);
  if (nameKey(machine.name) !== nameKey(name)) await setAside(step, machine, name);
  else step.intend(halfDeletedState(step, id, name));
  await refuseStranger(step, id, name);
  step.keep(halfDeletedState(step, id, name));
  await step.operate({ verb: "delete", name }, { look: () => goneSight(step, id) });
  await seeGone(step, id);
  return { state: afterwards(step, id) };
}

/** The machine as it is now, settled; `undefined` where it is gone, or on its way out. */
async function present(step: Step<DeleteAction>, id: MachineId): Promise<MachineDetails | undefined> {
  const machine = await step.settled({ id });
  if (machine && machine.id !== id) throw stale(step.action.address, `Another machine answers to the id ${id}.`);
  if (machine === undefined && !(await isGone(step, id))) throw unseen(step.action.name);
  return machine;
}

/** What one answer does not know is believed to be gone only where the list lacks it too. */
async function isGone({ run }: Step, id: MachineId): Promise<boolean> {
  const list = await run.poller.next();
  return list !== undefined && findIn(list, { id }) === undefined;
}

function unseen(name: string): DriverError {
  return new DriverError("ORB_LIST_INCONSISTENT", {
    summary: "OrbStack's answers contradict each other",
    detail: `${name} is to be deleted. OrbStack says that there is no such machine, and does not leave it out of its list.`,
    hint: "Look at `orbctl list`, then run `orb apply` again.",
    kind: "transport",
    outcome: "nothing",
  });
}

/** OrbStack can neither rename nor delete a machine at its disk limit (contract 3.8). */
async function liftDiskLimit(step: Step, machine: MachineDetails): Promise<void> {
  step.freeSpace = false;
  const operation = { verb: "configure", name: safeName(machine.name), settings: { diskBytes: 0 } } as const;
  await step.operate(operation, { look: async () => "not done" });
}

async function setAside(step: Step<DeleteAction>, machine: MachineDetails, name: MachineName): Promise<void> {
  refuseRenamed(step, machine);
  step.intend(halfDeletedState(step, machine.id, name));
  await step.operate(
    { verb: "rename", id: machine.id, to: name },
    { look: async () => ((await holder(step, name))?.id === machine.id ? "done" : "not done") },
  );
}

/** Somebody gave it another name since the plan was made: it may have become something to keep. */
function refuseRenamed(step: Step<DeleteAction>, { id, name }: MachineDetails): void {
  const { state, action } = step;
  const own =
    state?.type === "machine"
      ? [state.name, ...(state.deposed ?? []).filter((each) => each.id === id).map((each) => each.name)]
      : [];
  if ([action.name, ...own].map(nameKey).includes(nameKey(name))) return;
  throw stale(action.address, `The machine to delete was ${action.name} when the plan was made, and is ${name} now.`);
}

async function refuseStranger(step: Step<DeleteAction>, id: MachineId, name: MachineName): Promise<void> {
  const found = await holder(step, name);
  if (found?.id === id && nameKey(found.name) === nameKey(name)) return;
  throw refused("ORB_ACTION_FAILED", {
    summary: "The machine to delete can't be told",
    detail: `The machine was to stand under the name ${name}, but that name is ${found ? "another machine's" : "nobody's"}. Nothing was deleted.`,
    hint: "Run `orb plan` to see what exists, then `orb apply` again.",
  });
}

async function holder(step: Step, name: MachineName): Promise<MachineDetails | undefined> {
  return await step.run.ports.driver.inspect({ name }, { settings: false });
}

async function goneSight(step: Step, id: MachineId): Promise<Sight> {
  const machine = await step.run.ports.driver.inspect({ id }, { settings: false });
  if (machine === undefined) return (await isGone(step, id)) ? "done" : "on its way";
  return machine.state === "deleting" || machine.state === "stopping" ? "on its way" : "not done";
}

async function seeGone(step: Step<DeleteAction>, id: MachineId): Promise<void> {
  const machine = await step.settled({ id });
  if (machine === undefined) return;
  throw new DriverError("ORB_ACTION_FAILED", {
    summary: "The machine is still there",
    detail: `OrbStack said that it was deleted, but ${machine.name} is still ${machine.state}.`,
    hint: "Run `orb apply` again to finish it.",
    kind: "other",
    outcome: "unknown",
  });
}

function machineState(step: Step): MachineResource | undefined {
  return step.state?.type === "machine" ? step.state : undefined;
}

function halfDeletedState(step: Step<DeleteAction>, id: MachineId, name: string): ResourceState | undefined {
  const state = machineState(step);
  return state && halfDeleted(state, id, name);
}

/** State without the machine: of a predecessor only its record goes, of the resource's own machine the resource. */
function afterwards(step: Step<DeleteAction>, id: MachineId | undefined): ResourceState | undefined {
  const state = machineState(step);
  const isPredecessor = step.action.deposed || (state?.id !== undefined && state.id !== id);
  if (state !== undefined && id !== undefined && isPredecessor) return orNothing(withoutDeposed(state, id));
  if (state?.deposed === undefined || state.deposed.length === 0) return undefined;
  // Its predecessors are still to be deleted: without this record nobody would know that they are ours.
  const { id: _id, halfDeleted: _name, ...rest } = state;
  return { ...rest, revision: state.revision + 1 };
}

/** A machine that is gone stays in state only for its predecessors, or for what is on its way. */
function orNothing(state: MachineResource): MachineResource | undefined {
  return state.id === undefined && state.deposed === undefined && state.pending === undefined ? undefined : state;
}
