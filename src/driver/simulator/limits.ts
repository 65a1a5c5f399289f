import { globalSetting } from "./globals.ts";
import type { Settings } from "./record.ts";
import type { World } from "./world.ts";

/** Settings with limits no higher than the global ones (contract 3.15: clamped). */
export function clamped(world: World, settings: Settings): Settings {
  if (world.faults.on("no-clamp")) return settings;
  const ceiling = (key: string): number => Number(globalSetting(world, key) ?? 0) || Infinity;
  return {
    ...settings,
    cpu: Math.min(settings.cpu, ceiling("cpu")),
    memory_mib: Math.min(settings.memory_mib, ceiling("memory_mib")),
  };
}
