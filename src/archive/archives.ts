/**
 * Archives that resources of a stack make: the port between the engine and folders. What its comments promise holds for
 * every adapter. Folders are as the stack has them: seen from the project's folder.
 */
import type { Driver, PerformOptions } from "../driver/driver.ts";
import type { ArchiveFacts, MadeArchive, Reading, RetentionPolicy } from "../model/archive.ts";
import type { MachineFacts } from "../model/machine.ts";

/** Where archives are. */
export interface Archives {
  /** What stands where archives were put, in the order they are asked for. Errors: `ORB_ARCHIVE_UNREADABLE`: what can't be seen is not missing. */
  look(asked: readonly ArchiveLook[], signal?: AbortSignal): Promise<readonly ArchiveFacts[]>;

  /**
   * Exports a machine: archive and metadata, both whole and on the medium as far as that can be had, or neither. An export of an earlier run is
   * waited for, or swept. Errors: `ORB_ARCHIVE_UNWRITABLE`, `ORB_ARCHIVE_DAMAGED`, `ORB_ARCHIVE_BUSY`, and those of
   * {@link Driver.perform}; nothing is in place then.
   */
  export(call: SeriesExport): Promise<ExportedMember>;

  /** Removes archives of a series, each only if it still has the bytes that it was written with. Errors: `ORB_ARCHIVE_UNWRITABLE`. */
  remove(call: SeriesRemoval): Promise<Removal>;
}

/** One archive to be looked at. */
export interface ArchiveLook extends Pick<MadeArchive, "dir" | "file"> {
  /** Read it for its digest. */
  readonly verify: boolean;
}

/** An export for a resource. */
export interface SeriesExport {
  readonly dir: string;
  readonly series: string;
  /** Holds still. */
  readonly machine: MachineFacts;
  /** Where the machine stands in its stack. */
  readonly address: string;
  readonly driver: Driver;
  /** As for {@link Driver.perform}; when `signal` aborts, reading ends too. */
  readonly options: Required<PerformOptions>;
  /** Nobody waits any longer: what is under way is left as it is. */
  readonly stopWaiting: AbortSignal;
  readonly tell: (notice: string) => void;
}

/** What was exported. */
export interface ExportedMember {
  readonly made: MadeArchive;
  /** `damaged` never gets here. */
  readonly reading: Reading;
  /** Why it is not certain that it outlives a power failure; absent where it is. */
  readonly unsettled?: string;
}

/** Which archives of a series go. */
export interface SeriesRemoval {
  readonly dir: string;
  readonly series: string;
  /** Absent: all go. */
  readonly keep?: RetentionPolicy;
  /** One that stays whatever the policy says: it was just made. */
  readonly newest?: string;
}

/** What went and what was left. */
export interface Removal {
  readonly removed: readonly string[];
  readonly left: readonly { readonly file: string; readonly why: string }[];
}
