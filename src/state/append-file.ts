import { InvariantError } from "../model/errors.ts";
import type { AppendFile } from "./disk.ts";
import type { OpenFile } from "./file-system.ts";

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Resolves once all that can go on now, without waiting for anything outside, has gone on. */
export type Turn = () => Promise<void>;

interface Appending {
  readonly file: OpenFile;
  readonly turn: Turn;
  /** Bytes of the file that are known to be whole. */
  size: number;
  queue: Waiting[];
  /** The write under way; it goes on until the queue is empty. */
  draining: Promise<void> | undefined;
  /** What went wrong once: nothing is appended behind a gap. */
  broken: Error | undefined;
}

/** A file opened for appending, `size` bytes long. What is appended in one turn, or during a sync, shares the next. */
export function appendFile(file: OpenFile, size: number, turn: Turn): AppendFile {
  const state: Appending = { file, size, turn, queue: [], draining: undefined, broken: undefined };
  let closed: Promise<void> | undefined;
  return {
    append(text) {
      if (closed) return Promise.reject(new InvariantError("a file was appended to after it was closed"));
      return new Promise((resolve, reject) => {
        state.queue.push({ text, resolve, reject });
        state.draining ??= drain(state);
      });
    },
    close: () => (closed ??= closeAfter(state)),
  };
}

async function closeAfter(state: Appending): Promise<void> {
  await state.draining;
  await state.file.close();
}

async function drain(state: Appending): Promise<void> {
  while (state.queue.length > 0) {
    // An outcome is mostly followed at once by the intents of what waited for it: one sync does for all of them.
    await state.turn();
    const batch = state.queue;
    state.queue = [];
    const failed = await writeBatch(state, batch);
    for (const each of batch) {
      if (failed) each.reject(failed);
      else each.resolve();
    }
  }
  state.draining = undefined;
}

async function writeBatch(state: Appending, batch: readonly Waiting[]): Promise<Error | undefined> {
  if (state.broken) return state.broken;
  const bytes = Buffer.from(batch.map((each) => each.text).join(""));
  try {
    for (let at = 0; at < bytes.length;) at += (await state.file.write(bytes, at)).bytesWritten;
    await state.file.datasync();
    state.size += bytes.length;
  } catch (error) {
    state.broken = error instanceof Error ? error : new Error(String(error));
    // Half a record of a full disk would read as damage; if it can't be cut off, it is the torn last line.
    await state.file.truncate(state.size).catch(() => undefined);
  }
  return state.broken;
}
