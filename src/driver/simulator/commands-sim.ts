import { argument, type Call, type Command, flagValue, hasFlag } from "./command.ts";
import { Failure } from "./failure.ts";
import { FAULTS, parseFaults, specOf } from "./faults.ts";
import type { Flag } from "./flags.ts";
import { perform } from "./host.ts";
import { phaseAt, type Phase } from "./record.ts";
import { startService, stopService } from "./service.ts";
import type { World } from "./world.ts";

const sub = (
  name: string,
  use: string,
  ...[short, run, flags = []]: [string, Command["run"], (readonly Flag[])?]
): Command => {
  const words = use.split(" ").filter((word) => word !== "");
  const needed = words.filter((word) => !word.startsWith("[")).length;
  return { names: [name], use, short, flags, args: [needed, use.includes("...") ? Infinity : words.length], run };
};

/** `sim …`: what test authors do to the world; no word of orbctl's (docs/simulator.md). */
export const SIM_COMMAND: Command = {
  names: ["sim"],
  use: "[command]",
  short: "Control the simulated world",
  flags: [],
  args: [0, 0],
  run: () => 0,
  subcommands: [
    sub("init", "", "Start over with a fresh world", init, [
      { long: "version", kind: "string", help: "OrbStack version to behave as" },
      { long: "latency", kind: "string", help: "Factor on real durations" },
    ]),
    sub("reset-world", "", "Forget every machine, setting and event", init),
    sub("log", "", "Print every event, a JSON object a line", log),
    sub("fault", "VERB [SPEC]...", "set, clear or list faults", fault, [
      { long: "all", short: "a", kind: "bool", help: "List every fault there is" },
    ]),
    sub("latency", "[FACTOR]", "Show or set the factor on real durations", latency),
    sub("advance", "SECONDS", "Put the world's clock forward", advance),
    sub("set-state", "NAME STATE", "Put a machine into a state", setState),
    sub("service", "VERB", "start or stop OrbStack, as its app would", service),
    sub("data", "", "Print the whole world as JSON", data),
  ],
};

function init(call: Call): number {
  const { session } = call.host;
  session.reset();
  session.transact((world) => {
    world.data.version = flagValue(call, "version") ?? null;
    world.data.latency = readFactor(flagValue(call, "latency"));
    world.log("init", null);
  });
  return 0;
}

function readFactor(text: string | undefined): number | null {
  if (text === undefined) return null;
  const factor = Number(text);
  if (!(factor >= 0)) throw new Failure(`not a factor: ${text}`);
  return factor;
}

function log({ host }: Call): number {
  host.stdout(
    host.session
      .log()
      .map((line) => `${line}\n`)
      .join(""),
  );
  return 0;
}

function fault(call: Call): number {
  const [verb, ...specs] = call.args;
  const { host } = call;
  if (verb === "list") host.stdout(hasFlag(call, "all") ? everyFault() : host.session.read(presentFaults));
  else if (verb === "set") host.session.transact((world) => setFaults(world, specs));
  else if (verb === "clear") host.session.transact((world) => clearFaults(world, specs));
  else throw new Failure(`unknown verb: ${verb}`);
  return 0;
}

function everyFault(): string {
  return Object.entries(FAULTS)
    .map(([name, text]) => `${name}: ${text}\n`)
    .join("");
}

function presentFaults(world: World): string {
  return world.data.faults.map((each) => `${specOf(each)}\n`).join("");
}

function setFaults(world: World, specs: readonly string[]): void {
  const added = specs.flatMap((spec) => read(spec));
  const written = new Set(added.map(specOf));
  world.data.faults = [...world.data.faults.filter((each) => !written.has(specOf(each))), ...added];
  for (const spec of written) delete world.data.faultsUsed[spec];
  world.log("fault set", null, specs.join(","));
}

function clearFaults(world: World, specs: readonly string[]): void {
  const cleared = (spec: string, name: string): boolean =>
    specs.length === 0 || specs.includes(spec) || specs.includes(name);
  world.data.faults = world.data.faults.filter((each) => !cleared(specOf(each), each.name));
  world.log("fault clear", null, specs.join(","));
}

function read(spec: string): ReturnType<typeof parseFaults> {
  try {
    return parseFaults(spec);
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

function latency({ host, args }: Call): number {
  const [factor] = args;
  if (factor === undefined) host.stdout(`${host.session.read((world) => world.lasts(1000)) / 1000}\n`);
  else host.session.transact((world) => void (world.data.latency = readFactor(factor)));
  return 0;
}

function advance(call: Call): number {
  const seconds = Number(argument(call, 0));
  if (!Number.isFinite(seconds)) throw new Failure(`not a number of seconds: ${argument(call, 0)}`);
  call.host.session.transact((world) => void (world.data.ahead += seconds * 1000));
  return 0;
}

function setState(call: Call): number {
  const state = readState(argument(call, 1));
  call.host.session.transact((world) => {
    const machine = world.need(argument(call, 0));
    world.steer(machine, [{ at: world.now, state }]);
    world.log("set-state", machine, state);
  });
  return 0;
}

const STATES = ["creating", "provisioning", "starting", "running", "stopping", "stopped", "deleting", "gone"] as const;

function readState(word: string): Phase["state"] {
  const state = STATES.find((each) => each === word);
  if (!state) throw new Failure(`unknown state: ${word}`);
  return state;
}

async function service(call: Call): Promise<number> {
  const verb = argument(call, 0);
  if (verb !== "start" && verb !== "stop") throw new Failure(`unknown verb: ${verb}`);
  await perform(call.host, verb === "start" ? startService : stopService);
  return 0;
}

function data({ host }: Call): number {
  const text = host.session.read((world) => {
    const machines = world
      .machines()
      .map((machine) => ({ ...machine, state: phaseAt(machine.phases, world.now).state }));
    return JSON.stringify({ ...world.data, machines }, null, 2);
  });
  host.stdout(`${text}\n`);
  return 0;
}
