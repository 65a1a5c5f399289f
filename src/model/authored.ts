import type { Json } from "./json.ts";
import type { SettingKey } from "./machine.ts";

/** How authors write each setting. */
export const SETTING_PATHS: { readonly [K in SettingKey]: string } = {
  cpus: "cpus",
  memoryMiB: "memory",
  diskBytes: "disk",
  user: "user",
  isolated: "isolated",
  isolateNetwork: "isolated.network",
  forwardSshAgent: "isolated.forwardSshAgent",
  mounts: "isolated.mounts",
  httpPort: "httpPort",
  httpsPort: "httpsPort",
};

const BYTES_PER_MIB = 1024 * 1024;
const MIB_PER_GIB = 1024;

/**
 * The value of a setting as authors write it: sizes as `"4G"` or `"1536M"`, and as the bare number where that is 0 (no
 * limit) or no whole MiB. `isolated.network` says whether there is a network, OrbStack that there is none.
 */
export function authored(key: SettingKey, value: Json): Json {
  if (key === "isolateNetwork" && typeof value === "boolean") return !value;
  if (typeof value !== "number") return value;
  if (key === "memoryMiB") return sizeText(value) ?? value;
  return key === "diskBytes" ? (sizeText(value / BYTES_PER_MIB) ?? value) : value;
}

function sizeText(mib: number): string | undefined {
  if (mib <= 0 || !Number.isInteger(mib)) return undefined;
  return mib % MIB_PER_GIB === 0 ? `${mib / MIB_PER_GIB}G` : `${mib}M`;
}
