import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Driver } from "../driver/driver.ts";
import type { OrbctlExec } from "../driver/orbctl/call.ts";
import { orbctlDriver } from "../driver/orbctl/driver.ts";
import { programExec } from "../driver/orbctl/exec.ts";
import { findOrbctl } from "../driver/orbctl/find.ts";
import type { VersionCache } from "../driver/orbctl/version-cache.ts";
import { OrbformError } from "../model/errors.ts";
import type { Watch } from "../model/happening.ts";
import type { World } from "../model/snapshot.ts";
import type { Disk } from "../state/disk.ts";
import { hostId } from "../state/host.ts";
import { systemClock } from "./context-clock.ts";

type Env = { readonly [name: string]: string | undefined };

/** Which machines a call is about, before any driver is made. */
export interface DriverChoice {
  readonly kind: "orbstack" | "simulator";
  /** Orbform's own folder for these machines: host id, claims, what it remembers of the program. */
  readonly home: string;
  /** Where state lies for these machines; absent: where the project says. */
  readonly stateFolder?: string;
  /** The simulated world's folder. */
  readonly world?: string;
}

/**
 * Chooses by flag, then `ORBFORM_DRIVER`, then the project's configuration, then OrbStack. A simulated world lies in
 * `ORBCTL_SIM_WORLD` or in the project's `.orbform/simulator`, its state beside it. Errors: `ORB_USAGE`.
 */
function chooseDriver(from: {
  flag?: string | undefined;
  config?: string | undefined;
  root: string;
  env: Env;
}): DriverChoice {
  const word = from.flag ?? (from.env["ORBFORM_DRIVER"] || undefined) ?? from.config ?? "orbstack";
  if (word === "orbstack") return { kind: "orbstack", home: orbformHome(from.env) };
  if (word !== "simulator") throw unknownDriver(word);
  const world = resolve(from.root, from.env["ORBCTL_SIM_WORLD"] || join(".orbform", "simulator"));
  const home = join(world, "orbform");
  return { kind: "simulator", home, stateFolder: home, world };
}

/** The same for a project that was found; who speaks to the user is told what was chosen. Errors: `ORB_USAGE`. */
export function driverOf(
  project: { readonly driver: string | undefined; readonly root: string },
  options: {
    readonly driver?: string;
    readonly processEnv: Env;
    readonly driving?: ((kind: DriverChoice["kind"]) => void) | undefined;
    readonly untrusted?: object | undefined;
  },
): DriverChoice {
  const { driver: flag, processEnv: env, driving, untrusted } = options;
  // An untrusted checkout's own folder may lead anywhere.
  const root = untrusted === undefined ? project.root : untrustedHome(env);
  const choice = chooseDriver({ flag, config: project.driver, root, env });
  driving?.(choice.kind);
  return choice;
}

/** Where Orbform keeps what belongs to this host: `ORBFORM_HOME`, else `~/.orbform`. */
export function orbformHome(env: Env): string {
  return env["ORBFORM_HOME"] || join(env["HOME"] || homedir(), ".orbform");
}

/** Where what is worked on lies for a checkout that is not trusted. */
export function untrustedHome(env: Env): string {
  return join(orbformHome(env), "untrusted");
}

/** What a driver is made from. */
export interface DriverParts {
  readonly choice: DriverChoice;
  readonly disk: Disk;
  readonly env: Env;
  readonly cwd: string;
  /** Where mutating calls write what they print. */
  readonly scratch: string;
  /** Told of every call. */
  readonly watch?: Watch | undefined;
}

/** Whose machines a choice is about. */
export async function worldOf(choice: DriverChoice, disk: Disk): Promise<World> {
  return { driver: choice.kind, host: await hostId(disk, choice.home) };
}

/** Makes the driver of a choice, for somebody who will look at its machines. Errors: `ORB_NO_ORBCTL`. */
export async function openDriver({ choice, disk, env, cwd, scratch, watch }: DriverParts): Promise<Driver> {
  const home = env["HOME"];
  const program = choice.kind === "simulator" ? SIMULATOR : await findOrbctl({ env, cwd });
  const isSimulator = choice.world !== undefined;
  const called = programExec({ program: isSimulator ? process.execPath : program, scratch, home });
  const exec = choice.world === undefined ? called : simulated(called, choice.world);
  return orbctlDriver({
    exec: watch === undefined ? exec : await watched(exec, watch),
    clock: systemClock,
    world: await worldOf(choice, disk),
    program,
    early: true,
    versionCache: versionCache(disk, join(choice.home, "orbctl-versions.json")),
    ...(home === undefined ? {} : { home }),
  });
}

/** From the bundle in `dist/cli` and from `src/cli` alike, two folders up and into `bin`. */
const SIMULATOR = fileURLToPath(new URL("../../bin/orbctl-sim.js", import.meta.url));

/** The simulator is a program like OrbStack's: a process for every call, run by this very Node. */
function simulated(exec: OrbctlExec, world: string): OrbctlExec {
  return (call) => exec({ ...call, argv: [SIMULATOR, ...call.argv], env: { ...call.env, ORBCTL_SIM_WORLD: world } });
}

/** Loaded by those who watch only. */
async function watched(exec: OrbctlExec, watch: Watch): Promise<OrbctlExec> {
  const { watchedExec } = await import("../driver/orbctl/watched-exec.ts");
  return watchedExec(exec, { clock: systemClock, watch });
}

function versionCache(disk: Disk, path: string): VersionCache {
  const read = async (): Promise<Record<string, unknown>> => {
    try {
      const parsed: unknown = JSON.parse((await disk.read(path)) ?? "{}");
      return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
    } catch {
      // It only saves a call: what can't be read is asked again.
      return {};
    }
  };
  return {
    read: async (key) => {
      const version = (await read())[key];
      return typeof version === "string" ? version : undefined;
    },
    write: async (key, version) => {
      const versions = Object.fromEntries([[key, version]]);
      await disk.replace(path, `${JSON.stringify(versions)}\n`, 0o600).catch(() => undefined);
    },
  };
}

function unknownDriver(word: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "There is no such driver",
    detail: `${JSON.stringify(word)} is no driver: there are orbstack and simulator. Nothing was touched.`,
    hint: "Leave --driver out for OrbStack, or write --driver simulator.",
  });
}
