import { serviceFailure } from "./failure.ts";
import { doneAt, NEVER, type Outcome } from "./outcome.ts";
import { finalPhase, type Machine, type MachineWord, type Phase } from "./record.ts";
import type { World } from "./world.ts";

/** Milliseconds on the real thing (contract 8). */
const TAKES = { start: 1500, stop: 2000, forcedStop: 300, missingIp: 30_000 } as const;

/** Boots a stopped machine; nothing to do for one that runs or is about to. */
export function start(world: World, machine: Machine): Outcome {
  refuseTransition(world, machine, "starting");
  const rest = world.rest(machine);
  if (isStuck(machine)) return NEVER;
  if (rest.state === "running") {
    if (rest.at > world.now || !world.faults.on("strict-power")) return doneAt(rest.at);
    throw serviceFailure(`start '${machine.name}': machine already running`);
  }
  return boot(world, machine, rest.at);
}

function boot(world: World, machine: Machine, from: number): Outcome {
  const { cpu, memory_mib } = machine.settings;
  machine.applied = { cpu, memory_mib };
  machine.boot += 1;
  world.log("start", machine);
  if (world.faults.strikes("boot-missing-ip", machine.name)) {
    const until = from + world.lasts(TAKES.missingIp);
    world.follow(machine, [at(from, "starting"), at(until, "stopped")]);
    return { until, failure: serviceFailure("machine didn't start in 30s (missing IP address)") };
  }
  const until = from + world.lasts(TAKES.start);
  const unready = world.release.copiesStayUnready && machine.copied === true;
  world.follow(machine, [at(from, "starting"), at(until, unready ? "provisioning" : "running")]);
  return doneAt(until);
}

/** Stops a machine. One that is still being set up disappears by that (contract 3.1). */
export function stop(world: World, machine: Machine, force: boolean): Outcome {
  refuseTransition(world, machine, "stopping");
  if (isStuck(machine)) return NEVER;
  if (isBeingMade(world, machine)) return abandon(world, machine);
  const rest = world.rest(machine);
  if (rest.state === "stopped") {
    if (rest.at > world.now || !world.faults.on("strict-power")) return doneAt(rest.at);
    throw serviceFailure(`stop '${machine.name}': machine not running`);
  }
  world.log("stop", machine);
  if (world.faults.on("stop-hang", machine.name)) {
    world.follow(machine, [at(rest.at, "stopping")]);
    return NEVER;
  }
  const until = rest.at + world.lasts(force ? TAKES.forcedStop : TAKES.stop);
  world.follow(machine, [at(rest.at, "stopping"), at(until, "stopped")]);
  return doneAt(until);
}

/** Stops and starts a machine; a stopped one is started. */
export function restart(world: World, machine: Machine): Outcome {
  refuseTransition(world, machine, "stopping");
  if (isBeingMade(world, machine)) return abandon(world, machine);
  if (world.rest(machine).state === "running") stop(world, machine, false);
  if (isStuck(machine)) return NEVER;
  return boot(world, machine, world.rest(machine).at);
}

/** A machine that was powered off from inside. */
export function powerOff(world: World, machine: Machine): void {
  world.log("poweroff", machine);
  world.steer(machine, [at(world.now, "stopped")]);
}

/** Whether it is being created or set up. */
export function isBeingMade(world: World, machine: Machine): boolean {
  const state = world.stateOf(machine);
  const last = finalPhase(machine.phases);
  return state === "creating" || state === "provisioning" || last.state === "provisioning" || isFailing(machine);
}

function isFailing(machine: Machine): boolean {
  return finalPhase(machine.phases).state === "gone" && machine.phases.some(({ state }) => state === "provisioning");
}

/** Takes away a machine whose setup was broken off. */
export function abandon(world: World, machine: Machine): Outcome {
  world.log("lost in setup", machine);
  world.steer(machine, [at(world.now, "gone")]);
  return doneAt(world.now);
}

/** Whether it hangs in a state that it doesn't leave by itself. */
export function isStuck(machine: Machine): boolean {
  return finalPhase(machine.phases).state === "stopping";
}

/** Throws `cannot transition from X to Y` where a machine can't go there from where it is. */
export function refuseTransition(world: World, machine: Machine, to: MachineWord): void {
  const state = world.stateOf(machine);
  const refused =
    state === "deleting" ||
    (state === "creating" && (to === "starting" || (to === "deleting" && !world.release.deletesCreating))) ||
    (state === "provisioning" && to === "starting") ||
    world.faults.strikes("transition", machine.name);
  if (refused) throw serviceFailure(`${world.release.transitionWords} from ${state} to ${to}`);
}

function at(time: number, state: Phase["state"]): Phase {
  return { at: time, state };
}
