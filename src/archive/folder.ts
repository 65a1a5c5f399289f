import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Stored, Unfinished } from "../model/archive.ts";
import { assertNever } from "../model/errors.ts";
import { nameKey } from "../model/machine.ts";
import type { Disk } from "../state/disk.ts";
import { archiveFile, isArchiveFile, machineOfWork, parseStem, sidecarFile, stemOf } from "./archive-name.ts";
import { fileSize } from "./big-files.ts";
import { unreadable } from "./errors.ts";
import { decodeMetadata } from "./metadata.ts";
import type { WorkPorts } from "./ports.ts";
import { workStatus } from "./work.ts";

/** What a backup folder holds, sorted by name. */
export interface FolderContents {
  readonly stored: readonly Stored[];
  readonly unfinished: readonly Unfinished[];
}

/**
 * Reads a backup folder: archives and their metadata, without a look into the archives. Errors: `ORB_ARCHIVE_NOT_FOUND`
 * where there is no such folder (it may only not be mounted), `ORB_ARCHIVE_UNREADABLE`.
 */
export async function readFolder(ports: WorkPorts, folder: string): Promise<FolderContents> {
  try {
    const names = (await readdir(folder)).toSorted();
    const strangers = names.filter(
      (name) => isArchiveFile(name) && stemOf(name) === undefined && !name.startsWith("."),
    );
    const stems = new Set(names.map(stemOf).filter((stem) => stem !== undefined));
    const found = [
      ...(await Promise.all([...stems].map((stem) => readStored(ports.disk, folder, stem)))),
      ...(await Promise.all(strangers.map((file) => stranger(folder, file)))),
    ].filter((each) => each !== undefined);
    const unfinished = await Promise.all(names.map((name) => readUnfinished(ports, folder, name)));
    return {
      stored: found.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
      unfinished: unfinished.filter((each) => each !== undefined),
    };
  } catch (error) {
    throw unreadable(error, folder);
  }
}

/** What stands under one stem; `undefined` where nothing does. Rejects with Node's errors. */
async function readStored(disk: Disk, folder: string, stem: string): Promise<Stored | undefined> {
  const file = archiveFile(stem);
  const text = await disk.read(join(folder, sidecarFile(stem)));
  const sizeBytes = await fileSize(join(folder, file));
  const decoded = text === undefined ? undefined : decodeMetadata(text);
  const metadata = decoded?.status === "read" ? decoded.metadata : undefined;
  const isIts =
    metadata?.archive === file && nameKey(metadata.machine.name) === nameKey(parseStem(stem)?.machine ?? "");
  if (sizeBytes === undefined) return metadata && isIts ? { kind: "no archive", file, metadata } : undefined;
  if (metadata && isIts) {
    return { kind: metadata.sizeBytes === sizeBytes ? "archive" : "wrong size", file, sizeBytes, metadata };
  }
  const isNewer = decoded?.status === "newer";
  return { kind: "no metadata", file, sizeBytes, newer: isNewer, why: whyNone(decoded) };
}

function whyNone(decoded: ReturnType<typeof decodeMetadata> | undefined): string {
  switch (decoded?.status) {
    case undefined:
      return "it has no metadata";
    case "newer":
      return `its metadata is of a newer version (format ${decoded.format})`;
    case "not ours":
      return decoded.why;
    case "read":
      return "its metadata is of another archive";
    default:
      return assertNever(decoded);
  }
}

async function stranger(folder: string, file: string): Promise<Stored | undefined> {
  const sizeBytes = await fileSize(join(folder, file));
  if (sizeBytes === undefined) return undefined;
  return { kind: "no metadata", file, sizeBytes, newer: false, why: "it has no metadata" };
}

async function readUnfinished(ports: WorkPorts, parent: string, folder: string): Promise<Unfinished | undefined> {
  const machine = machineOfWork(folder);
  const found = machine === undefined ? undefined : await workStatus(ports, join(parent, folder));
  return machine === undefined || found === undefined ? undefined : { machine, folder, status: found.status };
}
