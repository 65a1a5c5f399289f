import type { Disk } from "../../src/state/disk.ts";

/** A disk that counts the bytes written to it, by the last word of the path. */
export interface CountingDisk extends Disk {
  /** Bytes of all files whose path matches. */
  readonly bytes: (which: RegExp) => number;
  /** Durable writes (each one or more fsyncs) of all files whose path matches. */
  readonly writes: (which: RegExp) => number;
}

/** Counts what is written to another disk. */
export function countingDisk(disk: Disk): CountingDisk {
  const written = new Map<string, { bytes: number; writes: number }>();
  const count = (path: string, text: string): void => {
    const before = written.get(path) ?? { bytes: 0, writes: 0 };
    written.set(path, { bytes: before.bytes + Buffer.byteLength(text), writes: before.writes + 1 });
  };
  const sum = (which: RegExp, part: "bytes" | "writes"): number =>
    [...written].filter(([path]) => which.test(path)).reduce((total, [, each]) => total + each[part], 0);
  return {
    ...disk,
    replace: (path, text, mode) => {
      count(path, text);
      return disk.replace(path, text, mode);
    },
    createExclusive: (path, text) => {
      count(path, text);
      return disk.createExclusive(path, text);
    },
    openAppend: async (path) => {
      const file = await disk.openAppend(path);
      return {
        append: (text) => {
          count(path, text);
          return file.append(text);
        },
        close: () => file.close(),
      };
    },
    bytes: (which) => sum(which, "bytes"),
    writes: (which) => sum(which, "writes"),
  };
}
