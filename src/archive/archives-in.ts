import { join, resolve } from "node:path";
import type { Driver } from "../driver/driver.ts";
import type { ArchiveFacts } from "../model/archive.ts";
import { sidecarFile, stemOf } from "./archive-name.ts";
import type { ArchiveLook, Archives, ExportedMember, SeriesExport } from "./archives.ts";
import { fileDigest, isFolder, plainFileSize } from "./big-files.ts";
import { unreadable } from "./errors.ts";
import { exportArchive, type ExportCall } from "./export-archive.ts";
import { safeName } from "./find-machine.ts";
import { decodeMetadata } from "./metadata.ts";
import type { WorkPorts } from "./ports.ts";
import { removeSeries } from "./series.ts";
import type { Ended } from "./watched.ts";

/** What archives in folders of this computer are made from. */
export interface ArchivesParts extends WorkPorts {
  /** The project's folder, absolute: folders are seen from it. */
  readonly root: string;
  /** Which version this is: `orbform 0.1.0`. */
  readonly madeBy: string;
}

/** Archives in folders of this computer. */
export function archivesIn(parts: ArchivesParts): Archives {
  const folderOf = (dir: string): string => resolve(parts.root, dir);
  return {
    look: async (asked, signal) => {
      const facts: ArchiveFacts[] = [];
      for (const each of asked) facts.push(await lookAt(parts, { ...each, folder: folderOf(each.dir) }, signal));
      return facts;
    },
    export: (call) => exported(parts, folderOf(call.dir), call),
    remove: (call) => removeSeries(parts, folderOf(call.dir), call),
  };
}

async function lookAt(
  { disk }: ArchivesParts,
  { folder, file, verify }: ArchiveLook & { readonly folder: string },
  signal: AbortSignal | undefined,
): Promise<ArchiveFacts> {
  const path = join(folder, file);
  try {
    const sizeBytes = await plainFileSize(path);
    if (sizeBytes === undefined) return { status: "missing", folder: await isFolder(folder) };
    const text = await disk.read(join(folder, sidecarFile(stemOf(file) ?? "")));
    const decoded = text === undefined ? undefined : decodeMetadata(text);
    const isIts = decoded?.status === "read" && decoded.metadata.archive === file;
    const read = verify ? { sha256: await fileDigest(path, signal) } : {};
    return { status: "found", sizeBytes, recorded: isIts ? decoded.metadata.sha256 : null, ...read };
  } catch (error) {
    throw signal?.aborted === true ? error : unreadable(error, path);
  }
}

async function exported(parts: ArchivesParts, folder: string, call: SeriesExport): Promise<ExportedMember> {
  const { dir, machine: facts, driver, options, stopWaiting, tell, series, address } = call;
  const { metadata, ...placed } = await exportArchive(
    { ...parts, openDriver: () => Promise.resolve(driver) },
    {
      folder,
      machine: { facts, name: safeName(facts.name) },
      address,
      series,
      // Once begun it is put in place, unless its time is over.
      stopStarting: options.signal,
      stopWaiting,
      tell,
      carry: (given) => carry(driver, given, options),
    },
  );
  const { archive: file, machine, sha256, sizeBytes, createdAt, madeBy } = metadata;
  const made = { machine: facts.id, name: machine.name, dir, file, sha256, sizeBytes, createdAt, madeBy };
  const { reading, unsettled } = placed;
  return { made, reading, ...(unsettled !== undefined && { unsettled }) };
}

/** The process is noted twice: where the next export looks, then where the next run does. Only then it is let go. */
function carry(driver: Driver, call: ExportCall, options: SeriesExport["options"]): Promise<Ended> {
  const begin: ExportCall["begin"] = async (child) => {
    await call.begin(child);
    await options.begin(child);
  };
  return driver.perform(call.operation, { begin, signal: options.signal }).then(
    (): Ended => ({ status: "done" }),
    (error: unknown): Ended => ({ status: "failed", error }),
  );
}
