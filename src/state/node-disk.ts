/** The real disk. */
import * as fs from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Disk } from "./disk.ts";
import { fileDisk } from "./file-disk.ts";
import { smallFiles } from "./small-files.ts";

/** The disk of this computer, through Node. */
export function nodeDisk(): Disk {
  return { ...fileDisk(fs, process.pid, setImmediate), small: smallFiles };
}
