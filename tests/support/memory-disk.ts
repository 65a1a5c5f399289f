import { dirname } from "node:path";
import type { Disk } from "../../src/state/disk.ts";

/** A disk of values. `files` is what is on it; nothing on it is ever torn. */
export interface MemoryDisk extends Disk {
  readonly files: Map<string, string>;
}

/** An empty disk. */
export function memoryDisk(): MemoryDisk {
  const files = new Map<string, string>();
  return {
    files,
    read: async (path) => files.get(path),
    replace: async (path, text) => void files.set(path, text),
    openAppend: async (path) => {
      if (!files.has(path)) files.set(path, "");
      return {
        append: async (text) => void files.set(path, (files.get(path) ?? "") + text),
        close: async () => undefined,
      };
    },
    createExclusive: async (path, text) => {
      if (files.has(path)) return false;
      files.set(path, text);
      return true;
    },
    remove: async (path) => void files.delete(path),
    list: async (folder) =>
      [...files.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1))
        .toSorted(),
    makeFolder: async () => undefined,
  };
}
