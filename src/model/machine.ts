/** OrbStack's id of a machine: a ULID, stable over rename. Not validated: the built-in one is no valid ULID. */
export type MachineId = string & { readonly "~brand": "MachineId" };

/** A machine's name, known not to be dangerous in an argument list. Names are compared without case. */
export type MachineName = string & { readonly "~brand": "MachineName" };

/** Names that are OrbStack's own or have a meaning of their own where a name is expected. */
export const RESERVED_NAMES: readonly string[] = ["docker", "k8s", "none", "default"];

/**
 * The name grammar Orbform accepts: `[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}`, not reserved. OrbStack refuses `_`
 * (contract 7.2); a leading `-` would be read as a flag.
 */
const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/;

/** Reads a machine name that Orbform may give to a machine, or gives `undefined`. */
export function machineName(text: string): MachineName | undefined {
  return NAME.test(text) && !RESERVED_NAMES.includes(text.toLowerCase()) ? (text as MachineName) : undefined;
}

/** Takes over an id that the driver reported. */
export function machineId(text: string): MachineId {
  return text as MachineId;
}

/** What two names are compared by: OrbStack's names are hostnames, so case does not count. */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** Processor architectures that OrbStack makes machines for. */
export type Arch = "arm64" | "amd64";

/** The states OrbStack reports (contract 5.3); any other word reads as `unknown` and counts as in transition. */
export type MachineState =
  | "creating"
  | "provisioning"
  | "starting"
  | "running"
  | "stopping"
  | "stopped"
  | "deleting"
  | "unknown";

/** Whether a machine's state holds still. Reading `starting` as dead has made other tools destroy booting machines. */
export function isSettled(state: MachineState): state is "running" | "stopped" {
  return state === "running" || state === "stopped";
}

/** What a machine was made from, in OrbStack's own words (which differ from those `create` takes). */
export interface ImageFacts {
  readonly distro: string;
  readonly version: string;
  readonly arch: string;
  /** `default` or `cloud`; empty where not reported. */
  readonly variant: string;
}

/** The settings of one machine. In live facts an absent key could not be read; in a change it is left alone. */
export interface MachineSettings {
  /** Cores; 0 = unlimited. */
  readonly cpus?: number;
  /** MiB; 0 = unlimited. */
  readonly memoryMiB?: number;
  /** Bytes; 0 = unlimited. */
  readonly diskBytes?: number;
  /** The default user inside. */
  readonly user?: string;
  readonly isolated?: boolean;
  readonly isolateNetwork?: boolean;
  readonly forwardSshAgent?: boolean;
  /** `SRC[:DEST]` each. */
  readonly mounts?: readonly string[];
  /** 0 = automatic. */
  readonly httpPort?: number;
  /** 0 = automatic. */
  readonly httpsPort?: number;
}

/** The name of a machine's setting, as the model has it. */
export type SettingKey = keyof MachineSettings;

/** Every per-machine setting, in the order plans show them. */
export const SETTING_KEYS = [
  "cpus",
  "memoryMiB",
  "diskBytes",
  "user",
  "isolated",
  "isolateNetwork",
  "forwardSshAgent",
  "mounts",
  "httpPort",
  "httpsPort",
] as const satisfies readonly SettingKey[];

/** What `null` in a stack means: OrbStack's default (contract 3.15). The default user is not known. */
export const SETTING_DEFAULTS = {
  cpus: 0,
  memoryMiB: 0,
  diskBytes: 0,
  isolated: false,
  isolateNetwork: false,
  forwardSshAgent: true,
  mounts: [],
  httpPort: 0,
  httpsPort: 0,
} as const satisfies MachineSettings;

/** One machine as the driver sees it. */
export interface MachineFacts {
  readonly id: MachineId;
  readonly name: string;
  readonly state: MachineState;
  readonly image: ImageFacts;
  readonly builtin: boolean;
  readonly settings: MachineSettings;
}

/** What only a closer look at one machine tells. Addresses are absent while it is stopped. */
export interface MachineDetails extends MachineFacts {
  readonly ip4?: string;
  readonly ip6?: string;
  /** Bytes on disk. */
  readonly diskUsedBytes?: number;
}
