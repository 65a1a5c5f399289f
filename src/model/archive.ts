import type { Json } from "./json.ts";
import type { ImageFacts, MachineId } from "./machine.ts";

/** The newest format of an archive's metadata that this version reads and writes. */
export const ARCHIVE_FORMAT = 1;

/** What is written down beside an archive. Times are ISO 8601, sizes bytes. */
export interface ArchiveMetadata {
  readonly format: typeof ARCHIVE_FORMAT;
  /** Name of the archive's file, in the same folder. */
  readonly archive: string;
  readonly machine: { readonly id: string; readonly name: string };
  /** The host whose OrbStack the machine was of, as state has it; absent in archives of before it was written down. */
  readonly host?: string;
  /** Where the machine stands in its stack; absent where it was named by its name. */
  readonly address?: string;
  /** Which resource of which state made it; absent where none did. Only what has this mark is rotated or removed for it. */
  readonly series?: string;
  readonly image: ImageFacts;
  readonly sizeBytes: number;
  /** Of the archive's file, in hexadecimal. */
  readonly sha256: string;
  /** When the export began. */
  readonly createdAt: string;
  /** Which version wrote it: `orbform 0.1.0`. */
  readonly madeBy: string;
  /** What was driven and its version, as reported: `orbstack 2.2.3`. */
  readonly exportedBy: string;
  /** What reading it to the end found right after the export; `null` where it could not be read here. */
  readonly contents: ArchiveContents | null;
}

/** What an archive holds, as counted by reading it to its end. */
export interface ArchiveContents {
  readonly entries: number;
  /** Of the tar inside. */
  readonly bytes: number;
}

/** What reading an archive came to. */
export type Reading =
  | { readonly status: "whole"; readonly contents: ArchiveContents }
  /** It is certainly not as it was written. The offset is in the file, or in the tar that is compressed in it. */
  | { readonly status: "damaged"; readonly why: string; readonly offset: number; readonly in: "file" | "tar" }
  /** It is of a kind that can't be read here: neither whole nor damaged. */
  | { readonly status: "unreadable"; readonly why: string };

/** What stands in a backup folder under one name: an archive, its metadata, or both. */
export type Stored =
  | { readonly kind: "archive"; readonly file: string; readonly sizeBytes: number; readonly metadata: ArchiveMetadata }
  /** An archive whose size is not the one on record. */
  | {
      readonly kind: "wrong size";
      readonly file: string;
      readonly sizeBytes: number;
      readonly metadata: ArchiveMetadata;
    }
  /** An archive without metadata, or with metadata that can't be read; `newer`: a newer version wrote it. */
  | {
      readonly kind: "no metadata";
      readonly file: string;
      readonly sizeBytes: number;
      readonly why: string;
      readonly newer: boolean;
    }
  /** Metadata without its archive. */
  | { readonly kind: "no archive"; readonly file: string; readonly metadata: ArchiveMetadata };

/** An export that has not ended, or whose run died. */
export interface Unfinished {
  readonly machine: string;
  /** Its folder's name in the backup folder. */
  readonly folder: string;
  /** `running` – its run is alive; `exporting` – the run died, its orbctl is at work; `left` – swept by the next create. */
  readonly status: "running" | "exporting" | "left" | "not known";
}

/** What a verification found of one archive. */
export type Verdict =
  | { readonly verdict: "sound"; readonly file: string; readonly contents: ArchiveContents }
  /** Digest and size are those on record, but what is inside can't be read here. */
  | { readonly verdict: "same bytes"; readonly file: string; readonly why: string }
  /** It reads to its end, but nothing is on record to compare it with. */
  | { readonly verdict: "readable"; readonly file: string; readonly contents: ArchiveContents }
  | { readonly verdict: "not verifiable"; readonly file: string; readonly why: string }
  | { readonly verdict: "damaged"; readonly file: string; readonly why: string };

/** How many archives of a machine are kept. A rule that is absent keeps none by itself. */
export interface RetentionPolicy {
  /** The newest ones. */
  readonly last?: number;
  /** The newest one of each of the last days, weeks (ISO) or months that have any, in UTC. */
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
}

/** Why an archive is kept. */
export type KeepReason = "last" | "daily" | "weekly" | "monthly" | "newest sound one" | "wrong size";

/** What a policy makes of one archive. */
export interface Retention {
  readonly file: string;
  readonly machine: string;
  readonly sizeBytes: number;
  /** Empty: it is removed. */
  readonly keep: readonly KeepReason[];
}

/** An archive that a resource of a stack made. */
export interface MadeArchive {
  /** The very machine it is of, and the name that had then. */
  readonly machine: MachineId;
  readonly name: string;
  /** The folder, as the stack has it: seen from the project's folder. */
  readonly dir: string;
  /** Its name there. */
  readonly file: string;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Which version wrote it: `orbform 0.1.0`. */
  readonly madeBy: string;
}

/** What stands where a resource's archive was put. */
export type ArchiveFacts =
  /** No file. `folder`: whether its folder is there, which may only not be mounted. */
  | { readonly status: "missing"; readonly folder: boolean }
  | {
      readonly status: "found";
      readonly sizeBytes: number;
      /** The digest that the metadata beside it says; `null`: there is none that can be read. */
      readonly recorded: string | null;
      /** The digest that it has; absent where it was not read. */
      readonly sha256?: string;
    };

/** Where an archive stands, seen from the project's folder. */
export function archivePath({ dir, file }: Pick<MadeArchive, "dir" | "file">): string {
  if (dir === ".") return file;
  return dir.endsWith("/") ? `${dir}${file}` : `${dir}/${file}`;
}

/** What a reference to a property of an archive stands for; `undefined`: there is no archive yet, or no such property. */
export function archiveProperty(made: MadeArchive | undefined, property: string): Json | undefined {
  if (made === undefined) return undefined;
  if (property === "path") return archivePath(made);
  if (property === "digest") return `sha256:${made.sha256}`;
  if (property === "sizeBytes") return made.sizeBytes;
  return property === "createdAt" ? made.createdAt : undefined;
}

/** What is said of an archive in place whose folder could not be synced. */
export function unsettledText(file: string, why: string): string {
  return `${file} is whole and in place, but its folder could not be synced: ${why}. A power failure soon after might take it.`;
}
