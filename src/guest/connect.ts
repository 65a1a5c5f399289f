import type { Driver, Selector } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import type { Clock } from "../model/clock.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts } from "../model/machine.ts";
import { quoted } from "./failures.ts";
import { get, type GetRequest } from "./get.ts";
import { put, type PutRequest } from "./put.ts";
import { run, type CommandResult, type Reached, type RunOptions } from "./run.ts";

/** A machine that runs, to work in. */
export interface Guest {
  readonly name: string;
  readonly id: string;
  /** Runs a program with its arguments; no shell. Errors: those of `run` in docs/guides/inside.md. */
  run(command: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Runs a script for `sh`. It stands in an argument list: give secrets by `stdin` or `env`. */
  shell(script: string, options?: RunOptions): Promise<CommandResult>;
  /** Puts a file, a folder or content into the machine. */
  put(request: PutRequest): Promise<void>;
  /** Gets a file or a folder out of it. */
  get(request: GetRequest): Promise<void>;
}

/** By what machines are reached. */
export interface Reach {
  readonly driver: Pick<Driver, "inspect" | "perform" | "exec">;
  readonly clock: Clock;
}

/** How a connection is made. */
export interface ConnectOptions {
  /** Start the machine if it is stopped; it stays started. @default false */
  readonly start?: boolean;
  readonly signal?: AbortSignal;
}

/** How long a machine on its way up is waited for, and how often it is looked at. Milliseconds. */
const UP_MS = 60_000;
const LOOK_MS = 500;

/** On their way up; what goes down is not waited for. */
const RISING: ReadonlySet<string> = new Set(["creating", "provisioning", "starting"]);

/**
 * Connects to a machine: makes sure that it runs. Costs one look at it, and none where `known` was just observed to
 * run. Errors: `ORB_MACHINE_NOT_FOUND`; `ORB_CONNECTION` where it is stopped and not to be started, or does not come up.
 */
export async function connectTo(
  reach: Reach,
  which: Selector | MachineFacts,
  options: ConnectOptions = {},
): Promise<Guest> {
  const known = "state" in which ? which : await found(reach, which);
  const machine = { driver: reach.driver, id: known.id, name: known.name };
  if (known.state !== "running") await bringUp(reach, machine, { known, options });
  return guest(machine);
}

function guest(machine: Reached): Guest {
  return {
    name: machine.name,
    id: machine.id,
    run: (command, options) => run(machine, command, options),
    shell: (script, options) => run(machine, ["sh", "-c", script], options),
    put: (request) => put(machine, request),
    get: (request) => get(machine, request),
  };
}

async function found({ driver }: Reach, which: Selector): Promise<MachineFacts> {
  const details = await driver.inspect(which, { settings: false });
  if (details !== undefined) return details;
  const word = "name" in which ? which.name : which.id;
  throw new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "Machine is not there",
    detail: `OrbStack has no machine ${quoted(word)}. Nothing was run.`,
    hint: "Run `orbctl list` to see what there is.",
  });
}

interface Coming {
  readonly known: MachineFacts;
  readonly options: ConnectOptions;
}

async function bringUp(reach: Reach, machine: Reached, { known, options }: Coming): Promise<void> {
  const { driver } = reach;
  if (!RISING.has(known.state)) {
    if (options.start !== true || known.state !== "stopped") throw notRunning(known, options);
    await driver.perform({ verb: "start", id: known.id }, { begin: () => Promise.resolve(), ...pick(options) });
  }
  const deadline = reach.clock.now() + UP_MS;
  while (!(await answers(machine, options))) {
    const seen = await driver.inspect({ id: known.id }, { settings: false });
    const isUp = seen !== undefined && (seen.state === "running" || RISING.has(seen.state));
    if (!isUp || reach.clock.now() >= deadline) throw notRunning(seen ?? known, options);
    await reach.clock.sleep(LOOK_MS, options.signal);
  }
}

function pick({ signal }: ConnectOptions): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** After a boot commands may be refused for a while, whatever OrbStack says (contract 3.1): one is tried. */
async function answers(machine: Reached, options: ConnectOptions): Promise<boolean> {
  try {
    await run(machine, ["true"], { success: "any", timeoutMs: 15_000, ...pick(options) });
    return true;
  } catch (error) {
    if (options.signal?.aborted === true || isDriverError(error)) throw error;
    return false;
  }
}

function notRunning(machine: Pick<MachineFacts, "name" | "state">, { start }: ConnectOptions): OrbformError {
  return new OrbformError("ORB_CONNECTION", {
    summary: "Machine is not running",
    detail: `${quoted(machine.name)} is ${machine.state}. Nothing was run on it.`,
    hint: start === true ? "Look at `orbctl logs`." : "Start it first, or add --start (in code: `start: true`).",
  });
}
