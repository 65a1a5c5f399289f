import { ALL_FLAG, argument, type Call, type Command, FORCE_FLAG, hasFlag } from "./command.ts";
import { clone } from "./clone.ts";
import { Failure } from "./failure.ts";
import { usageFailure } from "./flags.ts";
import { finish, perform } from "./host.ts";
import { doneAt, type Outcome } from "./outcome.ts";
import { restart, start, stop } from "./power.ts";
import type { Machine } from "./record.ts";
import { rename } from "./rename.ts";
import { withService } from "./ready.ts";
import { startService, stopAll, stopService } from "./service.ts";
import type { World } from "./world.ts";

/** `start`, `stop`, `restart`, `clone`, `rename`. */
export const MACHINE_COMMANDS: readonly Command[] = [
  {
    names: ["start"],
    use: "[ID/NAME]... [flags]",
    short: "Start OrbStack or a machine",
    flags: [ALL_FLAG],
    args: [0, Infinity],
    run: startCommand,
  },
  {
    names: ["stop", "shutdown"],
    use: "[ID/NAME]... [flags]",
    short: "Stop OrbStack or a machine",
    flags: [ALL_FLAG, FORCE_FLAG],
    args: [0, Infinity],
    run: stopCommand,
  },
  {
    names: ["restart"],
    use: "[ID/NAME]... [flags]",
    short: "Restart a machine",
    flags: [ALL_FLAG],
    args: [0, Infinity],
    run: restartCommand,
  },
  {
    names: ["clone"],
    use: "OLD_NAME NEW_NAME [flags]",
    short: "Clone a machine",
    long: "Clone a machine, with its files and settings. The new machine is stopped.",
    flags: [],
    args: [2, 2],
    run: cloneCommand,
  },
  {
    names: ["rename"],
    use: "OLD_NAME NEW_NAME [flags]",
    short: "Rename a machine",
    flags: [],
    args: [2, 2],
    run: (call) => act(call, (world) => rename(world, world.need(argument(call, 0)), argument(call, 1))),
  },
];

async function startCommand(call: Call): Promise<number> {
  if (call.args.length > 0) return each(call, start);
  await perform(call.host, startService);
  return hasFlag(call, "all") ? every(call, start) : 0;
}

async function stopCommand(call: Call): Promise<number> {
  const force = hasFlag(call, "force");
  if (call.args.length > 0) return each(call, (world, machine) => stop(world, machine, force));
  if (hasFlag(call, "all")) return act(call, (world) => stopAll(world, force));
  await perform(call.host, stopService);
  return 0;
}

async function restartCommand(call: Call): Promise<number> {
  if (call.args.length > 0) return each(call, restart);
  if (!hasFlag(call, "all")) throw usageFailure("requires at least 1 arg(s), only received 0");
  return every(call, restart);
}

async function cloneCommand(call: Call): Promise<number> {
  const { host } = call;
  await withService(host);
  if (!host.session.read((world) => world.release.cloning)) throw unknownHere("clone");
  return act(call, (world) => clone(world, world.need(argument(call, 0)), argument(call, 1)));
}

/** What an OrbStack says that is too old for a command. */
export function unknownHere(command: string): Failure {
  return usageFailure(`unknown command "${command}" for "orbctl"`);
}

/** One operation, with the service running. */
export async function act(call: Call, change: (world: World) => Outcome): Promise<number> {
  await withService(call.host);
  await perform(call.host, change);
  return 0;
}

/** The same operation on each machine named, one after the other; every one is tried. */
export async function each(call: Call, change: (world: World, machine: Machine) => Outcome): Promise<number> {
  await withService(call.host);
  const failures: Failure[] = [];
  for (const selector of call.args) {
    const failure = await attempt(call, (world) => onOne(world, selector, change));
    if (failure) failures.push(failure);
  }
  if (failures.length > 0) throw new Failure(failures.map(({ message }) => message).join("\n"));
  return 0;
}

function onOne(world: World, selector: string, change: (world: World, machine: Machine) => Outcome): Outcome {
  if (world.find(selector) || !["docker", "k8s"].includes(selector)) return change(world, world.need(selector));
  world.log("builtin", null, selector);
  return doneAt(world.now);
}

async function attempt(call: Call, change: (world: World) => Outcome): Promise<Failure | undefined> {
  try {
    await finish(call.host, call.host.session.transact(change));
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function every(call: Call, change: (world: World, machine: Machine) => Outcome): Promise<number> {
  return act(call, (world) => {
    const ends = world.machines().map((machine) => change(world, machine).until);
    return doneAt(Math.max(world.now, ...ends));
  });
}
