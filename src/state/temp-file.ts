import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Disk } from "./disk.ts";
import { processExists } from "../driver/process-start.ts";

const TEMP = /^\.(.+)\.(\d+)-[0-9a-f]{12}\.tmp$/;

/** A fresh path beside another, for content that is not complete yet. It tells whose it is and which process writes it. */
export function tempPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes temporary files of a folder that a process which is gone left there; those of running ones stay. */
export async function sweepTemporaries(disk: Disk, folder: string, of: string): Promise<void> {
  for (const name of await disk.list(folder)) {
    const [, target, pid] = TEMP.exec(name) ?? [];
    if (target?.startsWith(of) && !processExists(Number(pid))) await disk.remove(join(folder, name));
  }
}
