import type { Capabilities } from "../../model/capabilities.ts";
import { OrbformError } from "../../model/errors.ts";
import type { MachineSettings, SettingKey } from "../../model/machine.ts";
import { path, word } from "./guard.ts";
import { mount, wholeNumber } from "./setting-words.ts";

const BYTES_PER_MIB = 1024 * 1024;
const MIB_PER_GIB = 1024;

/** What `create` is asked for. */
export interface CreateRequest {
  readonly name: string;
  readonly distro: string;
  readonly version?: string;
  readonly arch?: string;
  readonly userDataPath?: string;
  readonly settings: MachineSettings;
  readonly capabilities: Capabilities;
}

/**
 * Which settings `create` takes as flags in this OrbStack; the rest is set afterwards with `config`. Of these,
 * network isolation, mounts and the SSH agent are passed only with `isolated`, which they need (contract 3.1).
 */
export function createSettings(capabilities: Capabilities): readonly SettingKey[] {
  return [
    "user",
    ...(capabilities.limits ? (["cpus", "memoryMiB", "diskBytes"] as const) : []),
    ...(capabilities.isolation ? (["isolated", "isolateNetwork", "forwardSshAgent", "mounts"] as const) : []),
  ];
}

/** The flags of one `create`, and no flag that this OrbStack does not know. */
export function createFlags(request: CreateRequest): readonly string[] {
  const { arch, userDataPath, settings, capabilities } = request;
  return [
    ...(arch === undefined ? [] : ["--arch", word(arch, "an architecture")]),
    ...(settings.user === undefined ? [] : ["--user", word(settings.user, "a user")]),
    ...(userDataPath === undefined ? [] : ["--user-data", path(userDataPath)]),
    ...(capabilities.limits ? limitFlags(settings) : []),
    ...(capabilities.isolation && settings.isolated === true ? isolationFlags(settings) : []),
  ];
}

/** 0 means unlimited, which is what a machine is made with anyway. */
function limitFlags({ cpus = 0, memoryMiB = 0, diskBytes = 0 }: MachineSettings): readonly string[] {
  return [
    ...(cpus === 0 ? [] : ["--cpus", String(wholeNumber(cpus, "cpus"))]),
    ...(memoryMiB === 0 ? [] : ["--memory", size(wholeNumber(memoryMiB, "memory"))]),
    ...(diskBytes === 0 ? [] : ["--disk", size(wholeMiB(diskBytes))]),
  ];
}

/** The forms seen in use: `8G`, `2048M`. */
function size(mebibytes: number): string {
  return mebibytes % MIB_PER_GIB === 0 ? `${mebibytes / MIB_PER_GIB}G` : `${mebibytes}M`;
}

function wholeMiB(bytes: number): number {
  if (wholeNumber(bytes, "disk") % BYTES_PER_MIB === 0) return bytes / BYTES_PER_MIB;
  throw new OrbformError("ORB_PROPERTY_INVALID", {
    summary: "A disk limit is no whole MiB",
    detail: `A disk limit of ${bytes} bytes can't be given to OrbStack exactly. Nothing was made.`,
    hint: "Use a size in whole MiB or GiB.",
  });
}

function isolationFlags(settings: MachineSettings): readonly string[] {
  return [
    "--isolated",
    ...(settings.isolateNetwork === true ? ["--isolate-network"] : []),
    ...(settings.forwardSshAgent === true ? ["--forward-ssh-agent"] : []),
    ...(settings.mounts ?? []).flatMap((each) => ["--mount", path(mount(each))]),
  ];
}
