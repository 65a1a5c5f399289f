/** Processes of this computer: what locks and recovery ask about those of other runs. A port, as the disk is one. */
import { processExists, processStart } from "./process-start.ts";

/** One process, told from a later one with the same pid. */
export interface ProcessRef {
  readonly pid: number;
  /** As the operating system tells it: see {@link processStart}. */
  readonly startedAt: string;
}

/** What can be asked of other processes and done to them. */
export interface Processes {
  /** Whether there is any process with this pid, of whatever user, running or not yet waited for. */
  exists(pid: number): boolean;
  /** Whether that very process still runs. What cannot be told counts as running: a lock may hang on the answer. */
  isRunning(which: ProcessRef): Promise<boolean>;
  /** Ends that very process and its group at once. `false` where it is gone, or not certainly that process. */
  stop(which: ProcessRef): Promise<boolean>;
}

/** The processes of this computer. */
export const systemProcesses: Processes = {
  exists: processExists,
  isRunning: async ({ pid, startedAt }) => {
    if (!processExists(pid)) return false;
    const now = await processStart(pid).catch(() => startedAt);
    return now === startedAt;
  },
  stop: async ({ pid, startedAt }) => {
    if ((await processStart(pid).catch(() => undefined)) !== startedAt) return false;
    try {
      return process.kill(-pid, "SIGKILL");
    } catch {
      // It ended by itself a moment ago.
      return false;
    }
  },
};
