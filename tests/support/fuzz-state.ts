/** Valid files of a state, to be mangled: those of a run that ended, and of runs that died. */
import { crc32 } from "node:zlib";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import { engineWorld, type EngineWorld } from "./engine-world.ts";
import { at, desired, desiredSetting } from "./execute-builders.ts";
import { SECRET } from "./mangle.ts";

const first = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const clone = { kind: "clone", of: { kind: "address", address: at("base") } } as const;

/** What was applied. */
const BEFORE: readonly DesiredResource[] = [
  desired("base", { power: "stopped" }),
  desired("copy", { origin: clone, dependencies: [at("base")], identity: "fresh", settings: { cpus: 2 } }),
  desired("web", { default: true, lifecycle: first, labels: { password: SECRET } }),
  desired("old"),
  desiredSetting("memory_mib", 8192),
];

/** What was being applied when the run died. */
export const AFTER: readonly DesiredResource[] = [
  desired("base", { name: "copy", power: "stopped" }),
  desired("copy", { name: "base", origin: clone, dependencies: [at("base")], settings: { cpus: 3 } }),
  desired("web", { default: true, lifecycle: first, origin: { kind: "image", distro: "debian" } }),
  desired("late"),
];

/** A world after a run that died at its nth call; its files are what a next run finds. */
export async function deadRun(diesAt: number): Promise<EngineWorld> {
  const world = engineWorld();
  await world.apply(BEFORE);
  await world.apply(AFTER, { diesAt });
  return world;
}

/** The files of a world by what they are for. */
export function filesOf(world: EngineWorld): Readonly<Record<FileKind, string>> {
  const found = (pattern: RegExp): string => [...world.disk.files].find(([path]) => pattern.test(path))?.[1] ?? "";
  return {
    snapshot: found(/\/dev\.json$/),
    journal: found(/\.journal$/),
    lock: found(/\.lock\.\d+$/),
    claim: found(/\/claims\//),
    timings: found(/\.timings\.json$/),
  };
}

/** What a file is for. */
export type FileKind = "snapshot" | "journal" | "lock" | "claim" | "timings";

/** Puts a text in the place of every file of a kind. */
export function overwrite(world: EngineWorld, kind: FileKind, text: string): void {
  for (const path of world.disk.files.keys()) if (PATTERNS[kind].test(path)) world.disk.files.set(path, text);
}

const PATTERNS: Readonly<Record<FileKind, RegExp>> = {
  snapshot: /^\/state\/dev\.json$/,
  journal: /\.journal$/,
  lock: /\.lock\.\d+$/,
  claim: /\/claims\//,
  timings: /\.timings\.json$/,
};

/** The lines with checksums that fit, so that what is wrong in them is looked at. */
export function resealed(journal: string): string {
  let sum = 0;
  return journal
    .split("\n")
    .map((line) => {
      const body = line.replace(/,"crc":"[^"]*"\}$/, "").replace(/\}$/, "");
      if (body === "") return line;
      sum = crc32(body, sum);
      return `${body},"crc":"${sum.toString(16).padStart(8, "0")}"}`;
    })
    .join("\n");
}
