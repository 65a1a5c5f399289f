import type { Fault } from "./faults.ts";

/** A state that a machine can be in (contract 5.3). */
export type MachineWord = "creating" | "provisioning" | "starting" | "running" | "stopping" | "stopped" | "deleting";

/** From `at` (epoch ms) on. `unborn`: the name is taken, but nothing shows yet; `gone`: it does not exist any more. */
export interface Phase {
  readonly at: number;
  readonly state: MachineWord | "unborn" | "gone";
}

/** Settings of one machine, under the words of `config` (contract 3.15). */
export interface Settings {
  /** Cores; 0 = unlimited. */
  cpu: number;
  /** MiB; 0 = unlimited. */
  memory_mib: number;
  /** Bytes; 0 = unlimited. */
  disk_bytes: number;
  username: string;
  isolated: boolean;
  isolate_network: boolean;
  forward_ssh_agent: boolean;
  /** `SRC[:DEST]` each. */
  mounts: readonly string[];
  http_port: number;
  https_port: number;
}

/** What a machine was made from, in the words that `list` shows. */
export interface Image {
  readonly distro: string;
  readonly version: string;
  readonly arch: string;
  readonly variant: string;
}

/**
 * A machine. Its state is no field but follows from the phases and the clock: an operation writes down when it will
 * have ended and then waits, so it ends whether or not its caller lives to see it (contract 3.9).
 */
export interface Machine {
  readonly id: string;
  name: string;
  readonly image: Image;
  settings: Settings;
  /** The user that setup made. Any other `username` is unknown inside, unless it was added there. */
  readonly user: string;
  /** Ascending by time, at least one. */
  phases: readonly Phase[];
  /** Number of the boot; /tmp and boot_id live as long as one. 0 = never booted. */
  boot: number;
  /** Last number of its IPv4 address. */
  readonly host: number;
  /** Bytes on disk. */
  disk: number;
  /** It ran when the service stopped, so it starts with it. */
  returns: boolean;
  /** Text of cloud-init user data; `null` without. */
  readonly userData: string | null;
  /** The machine it goes back to through clones: copies have its machine-id and host keys until they change them. */
  readonly origin: string;
  /** It was made by `clone` or `import`. */
  readonly copied?: true;
  /** Limits that its running kernel knows: those of its last start. */
  applied: { readonly cpu: number; readonly memory_mib: number };
}

/** Something that happened in the world, for tests that check what was done. */
export interface WorldEvent {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  /** The process id of the `orbctl` that did it, or `memory`. */
  readonly who: string;
  readonly what: string;
  readonly id?: string;
  readonly name?: string;
  readonly detail?: string;
}

/** Whether OrbStack runs; by phases, as machines. */
export interface ServicePhase {
  readonly at: number;
  readonly state: "running" | "starting" | "stopped";
}

/** The whole world as it is kept in a file. */
export interface WorldData {
  readonly format: 1;
  seq: number;
  machines: Machine[];
  /** Global settings that differ from their default. */
  config: { [key: string]: string };
  defaultId: string | null;
  service: readonly ServicePhase[];
  k8s: boolean;
  docker: boolean;
  /** Epoch ms until which a source is being cloned. */
  cloning: { [id: string]: number };
  /** Settings of deleted names, with the fault `config-left-behind`. */
  leftBehind: { [name: string]: Settings };
  faults: readonly Fault[];
  faultsUsed: { [spec: string]: number };
  /** Factor on real durations; `null` = as the environment says, else 0. */
  latency: number | null;
  /** Milliseconds that this world's clock is ahead. */
  ahead: number;
  /** Version set by `sim init --version`; `null` = as the environment says, else the newest. */
  version: string | null;
  nextHost: number;
}

/** A world in which OrbStack runs and has no machines. */
export function freshWorld(): WorldData {
  return {
    format: 1,
    seq: 0,
    machines: [],
    config: {},
    defaultId: null,
    service: [{ at: 0, state: "running" }],
    k8s: false,
    docker: true,
    cloning: {},
    leftBehind: {},
    faults: [],
    faultsUsed: {},
    latency: null,
    ahead: 0,
    version: null,
    nextHost: 0,
  };
}

/** What holds at a time: the last phase that has begun, else the first. `phases` is not empty. */
export function phaseAt<P extends { readonly at: number }>(
  phases: readonly [P, ...P[]] | readonly P[],
  now: number,
): P {
  const last = phases.at(-1);
  // Nearly all machines rest.
  if (last !== undefined && last.at <= now) return last;
  const found = phases.findLast((phase) => phase.at <= now) ?? phases[0];
  if (!found) throw new Error("a record has no phases");
  return found;
}

/** The last phase that is known to come; where it lies in the future, something is under way. */
export function finalPhase<P>(phases: readonly P[]): P {
  const last = phases.at(-1);
  if (!last) throw new Error("a record has no phases");
  return last;
}
