import { serviceFailure } from "./failure.ts";
import { checkName } from "./naming.ts";
import { doneAt, type Outcome } from "./outcome.ts";
import type { Machine } from "./record.ts";
import { defaultSettings } from "./settings.ts";
import type { World } from "./world.ts";

/** Gives a machine another name. Its id stays; its settings and being the default go along (contract 13: a guess). */
export function rename(world: World, machine: Machine, name: string): Outcome {
  const prefix = `rename '${machine.name}'`;
  checkName(name);
  const holder = world.byName(name);
  if (holder && holder !== machine) throw serviceFailure(`${prefix}: machine already exists: '${name}'`);
  refuseAtQuota(world, machine, prefix);
  const before = machine.name;
  world.rename(machine, name);
  world.log("rename", machine, before);
  if (world.faults.on("rename-drops-config", before)) machine.settings = defaultSettings(machine.user);
  if (world.faults.on("rename-drops-default", before) && world.data.defaultId === machine.id)
    world.data.defaultId = null;
  return doneAt(world.now);
}

/** Throws where a machine has no room on its disk left for what is to be written about it (contract 3.8). */
export function refuseAtQuota(world: World, machine: Machine, prefix: string): void {
  const full = world.faults.on("disk-quota", machine.name) && machine.settings.disk_bytes > 0;
  if (full) throw serviceFailure(`${prefix}: write config: no space left on device`);
}
