import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Reading } from "../model/archive.ts";
import { decompressed } from "./decompress.ts";
import { TarWalk } from "./tar-walk.ts";
import { Unsound } from "./unsound.ts";

/** An archive's file, read from its first byte to its last. */
export interface Examined {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly reading: Reading;
}

const CHUNK = 256 * 1024;

/**
 * Reads an archive once: its digest, and what is in it. Memory stays flat, however large it is. Rejects with Node's
 * errors where the file can't be read, and with the signal's reason.
 */
export async function readArchive(path: string, signal?: AbortSignal): Promise<Examined> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array, undefined> {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK, ...(signal && { signal }) })) {
      const bytes: Uint8Array = chunk;
      hash.update(bytes);
      sizeBytes += bytes.length;
      yield bytes;
    }
    return undefined;
  }
  const source = counted();
  // Without a `return`, whoever stops reading early leaves the rest to be counted below.
  const reading = await readContents({ [Symbol.asyncIterator]: () => ({ next: () => source.next() }) });
  for await (const _rest of source);
  return { sizeBytes, sha256: hash.digest("hex"), reading };
}

async function readContents(source: AsyncIterable<Uint8Array>): Promise<Reading> {
  const tar = new TarWalk();
  try {
    for await (const chunk of decompressed(source)) tar.feed(chunk);
    return { status: "whole", contents: tar.finish() };
  } catch (error) {
    if (error instanceof Unsound) return error.reading;
    throw error;
  }
}
