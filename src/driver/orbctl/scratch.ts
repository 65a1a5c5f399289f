import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";

/** Two files that take what one process prints. */
export interface Scratch {
  /** Open files, to be handed to a process as its own. */
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** What has been printed, as UTF-8. */
  read(): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Closes and removes both. */
  remove(): Promise<void>;
}

/**
 * Opens two fresh files (`orbctl-UUID.out`, `.err`, mode 0600) in a folder, which is made where missing. Those of an
 * Orbform that died stay behind; whoever owns the folder sweeps them.
 */
export async function openScratch(folder: string): Promise<Scratch> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const base = path.join(folder, `orbctl-${randomUUID()}`);
  const stdout = await opened(`${base}.out`);
  const stderr = await opened(`${base}.err`);
  return {
    stdout,
    stderr,
    read: async () => ({
      stdout: await readFile(`${base}.out`, "utf8"),
      stderr: await readFile(`${base}.err`, "utf8"),
    }),
    remove: async () => {
      stdout.destroy();
      stderr.destroy();
      await Promise.all([rm(`${base}.out`, { force: true }), rm(`${base}.err`, { force: true })]);
    },
  };
}

async function opened(file: string): Promise<Writable> {
  const stream = createWriteStream(file, { flags: "wx", mode: 0o600 });
  await once(stream, "open");
  return stream;
}
