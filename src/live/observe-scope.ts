import type { ObserveScope } from "../driver/driver.ts";
import { isSettled, nameKey, type MachineFacts, type MachineId } from "../model/machine.ts";
import type { DesiredState } from "../model/resource.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";

/** What has to be read: the default only where the stack or its state speaks of it, settings where there is anything. */
export function scopeOf(desired: DesiredState, prior: Snapshot | undefined): ObserveScope {
  const wantsDefault = desired.resources.some((each) => each.type === "machine" && each.default);
  const hadDefault = recordedMachines(prior).some((each) => each.inputs.default);
  const recorded = Object.keys(prior?.resources ?? {});
  return {
    settings: desired.resources.length > 0 || recorded.length > 0,
    default: wantsDefault || hadDefault,
  };
}

/** The machines of a snapshot, those on their way among them. */
export function recordedMachines(prior: Snapshot | undefined): readonly MachineResource[] {
  return Object.values(prior?.resources ?? {}).filter((each) => each.type === "machine");
}

/** Ids that the state says exist: of machines and of predecessors not deleted yet. */
function recordedIds(prior: Snapshot | undefined): ReadonlySet<MachineId> {
  const ids = new Set<MachineId>();
  for (const machine of recordedMachines(prior)) {
    if (machine.id !== undefined) ids.add(machine.id);
    for (const { id } of machine.deposed ?? []) ids.add(id);
  }
  return ids;
}

/** What the state speaks of and the machines lack: ids of those recorded, names of those that are on their way. */
export function lacking(prior: Snapshot | undefined, machines: readonly MachineFacts[]): ReadonlySet<string> {
  const seen = new Set(machines.map(({ id }) => id));
  const pending = recordedMachines(prior).flatMap((each) => (each.pending ? [nameKey(each.pending.name)] : []));
  // Names are looked at only where something is on its way, which is hardly ever.
  const names = new Set(pending.length > 0 ? machines.map(({ name }) => nameKey(name)) : []);
  const ids = [...recordedIds(prior)].filter((id) => !seen.has(id));
  return new Set([...ids, ...pending.filter((name) => !names.has(name)).map((name) => `pending ${name}`)]);
}

/** Machines in transition that the stack or its state speaks of, by id or by name. */
export function watched(
  desired: DesiredState,
  prior: Snapshot | undefined,
  machines: readonly MachineFacts[],
): readonly MachineFacts[] {
  const moving = machines.filter((machine) => !isSettled(machine.state));
  if (moving.length === 0) return [];
  const ids = recordedIds(prior);
  const names = namesOf(desired, prior);
  return moving.filter((machine) => ids.has(machine.id) || names.has(nameKey(machine.name)));
}

function namesOf(desired: DesiredState, prior: Snapshot | undefined): ReadonlySet<string> {
  const declared = desired.resources.filter((each) => each.type === "machine").map((machine) => machine.name);
  const pending = recordedMachines(prior).flatMap(({ pending }) => (pending ? [pending.name] : []));
  return new Set([...declared, ...desired.existing, ...pending].map(nameKey));
}
