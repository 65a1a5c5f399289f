/** The real disk. */
import * as fs from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Disk } from "./disk.ts";
import { fileDisk } from "./file-disk.ts";
import type { FileSystem } from "./file-system.ts";
import { smallFiles } from "./small-files.ts";

/** The disk of this computer, through Node. */
export function nodeDisk(files: FileSystem = fs): Disk {
  return { ...fileDisk(files, process.pid, setImmediate), small: smallFiles };
}
