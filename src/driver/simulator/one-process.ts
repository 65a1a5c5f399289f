import type { Processes } from "../processes.ts";

/** Processes as a world in memory has them: every run is in this one, and none is started. */
export const ONE_PROCESS: Processes = {
  exists: () => true,
  isRunning: () => Promise.resolve(true),
  stop: () => Promise.resolve(false),
};
