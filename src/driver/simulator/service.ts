import { serviceUnreachable } from "./failure.ts";
import { doneAt, type Outcome } from "./outcome.ts";
import { abandon, isBeingMade, start, stop } from "./power.ts";
import { finalPhase, phaseAt, type ServicePhase } from "./record.ts";
import type { World } from "./world.ts";

/** Milliseconds on the real thing (contract 8). */
const TAKES = { start: 2000, stop: 2000 } as const;

/** Whether OrbStack runs, as `status` tells it. */
export function serviceState(world: World): ServicePhase["state"] {
  if (world.faults.on("service-stopped")) return "stopped";
  if (world.faults.on("service-starting")) return "starting";
  return phaseAt(world.data.service, world.now).state;
}

/** Starts the service where it doesn't run, and the machines that ran when it stopped. */
export function startService(world: World): Outcome {
  if (world.faults.on("service-stopped")) throw serviceUnreachable();
  const last = finalPhase(world.data.service);
  if (last.state === "running") return doneAt(Math.max(last.at, world.now));
  const from = Math.max(last.at, world.now);
  const until = from + world.lasts(TAKES.start);
  world.data.service = [
    phaseAt(world.data.service, world.now),
    { at: from, state: "starting" },
    { at: until, state: "running" },
  ];
  world.log("service start", null);
  for (const machine of world.machines().filter((each) => each.returns)) {
    machine.returns = false;
    start(world, machine);
  }
  return doneAt(until);
}

/** Stops OrbStack with everything in it. Machines that are being set up are lost (contract 5.3). */
export function stopService(world: World): Outcome {
  const last = finalPhase(world.data.service);
  if (last.state === "stopped") return doneAt(Math.max(last.at, world.now));
  const until = Math.max(last.at, world.now) + world.lasts(TAKES.stop);
  world.data.service = [phaseAt(world.data.service, world.now), { at: until, state: "stopped" }];
  world.log("service stop", null);
  for (const machine of world.machines()) stopWithService(world, machine);
  return doneAt(until);
}

function stopWithService(world: World, machine: ReturnType<World["need"]>): void {
  if (isBeingMade(world, machine) && !world.faults.on("provisioning-survives", machine.name)) {
    abandon(world, machine);
    return;
  }
  machine.returns = world.rest(machine).state === "running";
  if (machine.returns || world.rest(machine).state === "stopping")
    world.steer(machine, [{ at: world.now, state: "stopped" }]);
}

/** Makes sure that OrbStack runs before a command that needs it. Throws where it can't. */
export function needService(world: World): Outcome {
  const stopped = finalPhase(world.data.service).state === "stopped";
  if (stopped && world.faults.on("stopped-fails")) throw serviceUnreachable();
  return startService(world);
}

/** Stops every machine, and leaves the service running. */
export function stopAll(world: World, force: boolean): Outcome {
  const ends = world.machines().map((machine) => stop(world, machine, force).until);
  return doneAt(Math.max(world.now, ...ends));
}
