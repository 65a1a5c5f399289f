import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";

/** What the file {@link Scratch.held} holds until the process is let go. */
const HELD = "held\n";

/** How much is read of what a process printed: its last words say how it ended, and no text can be of any length. */
const MOST_BYTES = 1_000_000;

/** Two files that take what one process prints, and one that tells whether it was let go. */
export interface Scratch {
  /** Open files, to be handed to a process as its own. */
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Path of a file that holds {@link HELD}; the held process empties it when it is let go. */
  readonly held: string;
  /** The end of what has been printed, {@link MOST_BYTES} of each stream at most, as UTF-8. */
  read(): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Closes and removes all. */
  remove(): Promise<void>;
}

/**
 * Makes three fresh files (`orbctl-UUID.out`, `.err`, `.held`, mode 0600) in a folder, which is made where missing. Those of an
 * Orbform that died stay behind; whoever owns the folder sweeps them.
 */
export async function openScratch(folder: string): Promise<Scratch> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const base = path.join(folder, `orbctl-${randomUUID()}`);
  const stdout = await opened(`${base}.out`);
  const stderr = await opened(`${base}.err`);
  const held = `${base}.held`;
  await writeFile(held, HELD, { flag: "wx", mode: 0o600 });
  return {
    held,
    stdout,
    stderr,
    read: async () => ({
      stdout: await tailOf(`${base}.out`),
      stderr: await tailOf(`${base}.err`),
    }),
    remove: async () => {
      stdout.destroy();
      stderr.destroy();
      await Promise.all([`${base}.out`, `${base}.err`, held].map((file) => rm(file, { force: true })));
    },
  };
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function opened(file: string): Promise<Writable> {
  const stream = createWriteStream(file, { flags: "wx", mode: 0o600 });
  await once(stream, "open");
  return stream;
}
