import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Processes } from "../driver/processes.ts";
import type { Disk } from "./disk.ts";

const TEMP = /^\.(.+)\.(\d+)-[0-9a-f]{12}\.tmp$/;

/** A fresh path beside another, for content that is not complete yet. It tells whose it is and which process writes it. */
export function tempPath(path: string, pid: number): string {
  return join(dirname(path), `.${basename(path)}.${pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/** Removes temporary files of a folder that a process which is gone left there; those of running ones stay. */
export async function sweepTemporaries(
  { disk, processes }: { readonly disk: Disk; readonly processes: Pick<Processes, "exists"> },
  folder: string,
  of: string,
): Promise<void> {
  for (const name of await disk.list(folder)) {
    const [, target, pid] = TEMP.exec(name) ?? [];
    if (target?.startsWith(of) && !processes.exists(Number(pid))) await disk.remove(join(folder, name));
  }
}
