/** The real disk. */
import { writeSync } from "node:fs";
import fs from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Disk } from "./disk.ts";
import { fileDisk } from "./file-disk.ts";
import type { FileSystem } from "./file-system.ts";
import { smallFiles } from "./small-files.ts";

/** The file system of this computer, through Node. */
export const nodeFiles: FileSystem = { ...fs, open: openFile };

/** The disk of this computer. */
export function nodeDisk(files: FileSystem = nodeFiles): Disk {
  return { ...fileDisk(files, process.pid, setImmediate), small: smallFiles };
}

/** Writing a few hundred bytes takes less than waking a thread for it; it is the sync that takes time, and has one. */
async function openFile(...call: Parameters<FileSystem["open"]>): ReturnType<FileSystem["open"]> {
  const file = await fs.open(...call);
  return {
    write: async (bytes, offset) => ({ bytesWritten: writeSync(file.fd, bytes, offset) }),
    writeFile: (text) => file.writeFile(text),
    sync: () => file.sync(),
    datasync: () => file.datasync(),
    truncate: (size) => file.truncate(size),
    stat: () => file.stat(),
    close: () => file.close(),
  };
}
