import type { Driver } from "../driver/driver.ts";
import type { Processes } from "../driver/processes.ts";
import type { Clock } from "../model/clock.ts";
import type { Disk } from "../state/disk.ts";
import type { HostIdentity } from "../state/host.ts";

/** What making and restoring archives needs. */
export interface ArchivePorts extends WorkPorts {
  /** A driver whose mutating calls write what they print into this folder. Errors: `ORB_NO_ORBCTL`. */
  readonly openDriver: (scratch: string) => Promise<Driver>;
  /** Which version this is: `orbform 0.1.0`. */
  readonly madeBy: string;
}

/** What looking after unfinished work needs. */
export interface WorkPorts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly host: () => Promise<HostIdentity>;
  /**
   * The folder of what a run's orbctl prints. In Orbform's own folder: on a full disk of backups an orbctl could not even
   * say that it is full.
   */
  readonly scratchOf: (run: string) => string;
}

/** How the one who asked is told, and how they end it. */
export interface Watching {
  readonly tell: (notice: string) => void;
  /** The first interrupt: begin nothing more; what is under way is waited for. */
  readonly stopStarting: AbortSignal;
  /** The second: don't wait; what is under way goes on, and the next run looks into it. */
  readonly stopWaiting: AbortSignal;
}
