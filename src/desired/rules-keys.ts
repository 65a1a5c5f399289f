import type { Findings } from "./findings.ts";
import { quoted } from "./quoted.ts";
import { suggestion } from "./suggest.ts";

/** Properties that a word of another tool suggests. */
const OTHER_WORDS: { readonly [word: string]: string } = {
  cpu: "cpus",
  ram: "memory",
  mem: "memory",
  memoryMiB: "memory",
  memory_mib: "memory",
  diskSize: "disk",
  disk_size: "disk",
  distro: "image",
  os: "image",
  from: "clone",
  source: "clone",
  tags: "labels",
  username: "user",
  state: "power",
  userData: "cloudInit",
  user_data: "cloudInit",
  dependsOn: "lifecycle.dependsOn",
  depends_on: "lifecycle.dependsOn",
  aliases: "lifecycle.aliases",
  preventDestroy: "lifecycle.preventDestroy",
  ignoreChanges: "lifecycle.ignoreChanges",
  createBeforeDestroy: "lifecycle.createBeforeDestroy",
  mounts: "isolated.mounts",
  isolateNetwork: "isolated.network",
  forwardSshAgent: "isolated.forwardSshAgent",
};

/** Refuses properties nobody knows, with the one that was likely meant. `undefined` counts as left out. */
export function checkKeys(
  findings: Findings,
  input: { readonly [key: string]: unknown },
  about: { readonly of: string; readonly known: readonly string[] },
): void {
  for (const key of Object.keys(input)) {
    if (about.known.includes(key)) continue;
    findings.error("ORB_PROPERTY_UNKNOWN", {
      summary: "Unknown property",
      detail: `${quoted(key)} is not a property of ${about.of}. There are: ${about.known.join(", ")}.`,
      hint: meant(key, about.known) ?? "Take it out.",
    });
  }
}

function meant(key: string, known: readonly string[]): string | undefined {
  const other = Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined;
  const applies = other !== undefined && known.includes(other.split(".")[0] ?? "");
  return applies ? `Did you mean "${other}"?` : suggestion(key, known);
}
