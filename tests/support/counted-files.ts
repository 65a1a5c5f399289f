import { nodeFiles } from "../../src/state/node-disk.ts";
import type { FileSystem, OpenFile } from "../../src/state/file-system.ts";

/** The computer's file system, and how often it was made sure that something is on the medium. */
export interface CountedFiles {
  readonly files: FileSystem;
  /** Syncs of all files whose path matches. */
  readonly syncs: (which: RegExp) => number;
}

/** Counts from now on. */
export function countedFiles(): CountedFiles {
  const synced: string[] = [];
  const open: FileSystem["open"] = async (path, flags, mode) =>
    counted(await nodeFiles.open(path, flags, mode), () => synced.push(path));
  return { files: { ...nodeFiles, open }, syncs: (which) => synced.filter((path) => which.test(path)).length };
}

function counted(file: OpenFile, count: () => void): OpenFile {
  return {
    write: (bytes, offset) => file.write(bytes, offset),
    writeFile: (text) => file.writeFile(text),
    sync: () => (count(), file.sync()),
    datasync: () => (count(), file.datasync()),
    truncate: (size) => file.truncate(size),
    stat: () => file.stat(),
    close: () => file.close(),
  };
}
