/**
 * What a script imports to work inside machines (`"orbform/guest"`): runs commands and copies files, on one machine or on
 * many. It stands on `orbctl run` alone, so it works on isolated machines, for root's files and for `/tmp` too.
 */
import { openMachines, type Machines } from "./cli/context-machines.ts";
import { connectTo, type ConnectOptions, type Guest } from "./guest/connect.ts";
import { onEach, type Each, type EachOptions } from "./guest/each.ts";
import { misused, quoted } from "./guest/failures.ts";
import { machineName } from "./model/machine.ts";

export type { Guest } from "./guest/connect.ts";
export type { Each } from "./guest/each.ts";
export type { CommandError } from "./guest/failures.ts";
export type { GetRequest } from "./guest/get.ts";
export type { PutRequest } from "./guest/put.ts";
export type { CommandResult, RunOptions } from "./guest/run.ts";
export type { Progress } from "./guest/transfer.ts";

/** How machines are reached. */
export interface GuestOptions extends ConnectOptions {
  /** `orbstack` or `simulator`. @default what the project says, else OrbStack */
  readonly driver?: string;
  /** The folder whose project decides which driver it is, and where a simulated world lies. @default the current one */
  readonly cwd?: string;
}

/**
 * Connects to a machine by its name. Errors: `ORB_MACHINE_NOT_FOUND`; `ORB_CONNECTION` where it doesn't run and is not to
 * be started; `ORB_NO_ORBCTL`.
 *
 * @example
 * const web = await connect("web-1", { start: true });
 * const { stdout } = await web.run(["uname", "-r"]);
 * await web.put({ from: "./site", to: "/var/www/site", owner: "www-data" });
 * await web.put({ from: { content: process.env["TOKEN"] ?? "" }, to: "/etc/app/token", mode: 0o600 });
 * await web.shell("systemctl restart nginx", { sudo: true });
 * await web.get({ from: "/var/log/nginx", to: "./logs/" });
 */
export async function connect(name: string, options: GuestOptions = {}): Promise<Guest> {
  return connectBy(await machinesOf(options), name, options);
}

/**
 * Does something on each of many machines, some at once; one that fails does not stop the others, unless `failFast` says
 * so. Never rejects for a machine: what came of each is in the results, in the order of the names.
 *
 * @example
 * const results = await onMachines(["web-1", "web-2"], (machine) => machine.run(["uptime"]), { limit: 10 });
 * for (const each of results) console.log(each.machine, each.status === "done" ? each.value.stdout : each.status);
 */
export async function onMachines<T>(
  names: readonly string[],
  work: (machine: Guest) => Promise<T>,
  options: GuestOptions & EachOptions = {},
): Promise<readonly Each<T>[]> {
  const machines = await machinesOf(options);
  const named = names.map((name) => ({ name }));
  return onEach(named, async ({ name }) => work(await connectBy(machines, name, options)), options);
}

function machinesOf({ driver, cwd = process.cwd() }: GuestOptions): Promise<Machines> {
  return openMachines({ cwd, processEnv: process.env, ...(driver !== undefined && { driver }) });
}

function connectBy(machines: Machines, word: string, options: ConnectOptions): Promise<Guest> {
  const name = machineName(word);
  if (name === undefined)
    throw misused(`${quoted(word)} is no machine's name. Nothing was run.`, "Run `orbctl list` to see the names.");
  return connectTo(machines, { name }, options);
}
