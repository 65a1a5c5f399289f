import { doneAt, NEVER, type Outcome } from "./outcome.ts";
import { isStuck, refuseTransition } from "./power.ts";
import type { Machine } from "./record.ts";
import { refuseAtQuota } from "./rename.ts";
import type { World } from "./world.ts";

/** Milliseconds on the real thing (contract 8: up to 10 s). */
const TAKES = 2500;

/** Deletes a machine for good; a running one is stopped on the way. */
export function remove(world: World, machine: Machine): Outcome {
  refuseTransition(world, machine, "deleting");
  refuseAtQuota(world, machine, `delete '${machine.name}'`);
  if (isStuck(machine)) return NEVER;
  const until = Math.max(world.now, world.data.cloning[machine.id] ?? 0) + world.lasts(TAKES);
  world.log("delete", machine);
  world.steer(machine, [
    { at: world.now, state: "deleting" },
    { at: until, state: "gone" },
  ]);
  if (world.data.defaultId === machine.id) world.data.defaultId = null;
  return doneAt(until);
}
