import { basename, dirname } from "node:path";
import type { AppendFile, Disk } from "./disk.ts";

/** A disk in memory: for tests of a user's and of ours, and for benchmarks. */
export interface MemoryDisk extends Disk {
  /** Bytes (UTF-16 units) written so far, by anything. */
  bytesWritten(): number;
  /** A file's text, at once. */
  text(path: string): string | undefined;
}

/** An empty disk in memory. It never fails, and what it takes is there at once. */
export function memoryDisk(): MemoryDisk {
  const files = new Map<string, string[]>();
  let bytes = 0;
  const put = (path: string, text: string): void => {
    files.set(path, [text]);
    bytes += text.length;
  };
  return {
    read: async (path) => files.get(path)?.join(""),
    replace: async (path, text) => put(path, text),
    openAppend: async (path) => {
      const parts = files.get(path) ?? [];
      files.set(path, parts);
      return appending(parts, (written) => (bytes += written));
    },
    createExclusive: async (path, text) => {
      if (files.has(path)) return false;
      put(path, text);
      return true;
    },
    remove: async (path) => void files.delete(path),
    list: async (folder) => namesIn(files.keys(), folder),
    makeFolder: async () => undefined,
    bytesWritten: () => bytes,
    text: (path) => files.get(path)?.join(""),
  };
}

function appending(parts: string[], count: (written: number) => void): AppendFile {
  return {
    append: async (text) => {
      parts.push(text);
      count(text.length);
    },
    close: async () => undefined,
  };
}

function namesIn(paths: Iterable<string>, folder: string): readonly string[] {
  const names = new Set<string>();
  for (const path of paths) if (dirname(path) === folder) names.add(basename(path));
  return [...names].toSorted();
}
