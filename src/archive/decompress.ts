import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { isNodeError } from "../state/disk-errors.ts";
import { damaged, unreadableHere } from "./unsound.ts";
import { ZstdFrames, type Piece } from "./zstd-frames.ts";

/** What a zstd file holds, frame after frame. Throws {@link Unsound}. Holds back its source, so memory stays flat. */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = piecesOf(source);
  for (;;) {
    const first = await pieces.next();
    if (first.done === true) return;
    yield* oneFrame(first.value, pieces);
  }
}

async function* piecesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, undefined> {
  const frames = new ZstdFrames();
  for await (const chunk of source) yield* frames.feed(chunk);
  frames.finish();
  return undefined;
}

async function* oneFrame(first: Piece, pieces: AsyncGenerator<Piece, undefined>): AsyncGenerator<Uint8Array> {
  const unpack = createZstdDecompress();
  // Its failure reaches who reads `unpack`: told once is enough.
  const fed = pipeline(Readable.from(untilEnd(first, pieces)), unpack).catch(() => undefined);
  try {
    for await (const chunk of unpack) yield chunk;
  } catch (error) {
    throw explained(error, first.frame + unpack.bytesWritten);
  }
  await fed;
}

async function* untilEnd(first: Piece, pieces: AsyncGenerator<Piece, undefined>): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for (let ended = first.ends; !ended;) {
    const next = await pieces.next();
    if (next.done === true) return;
    yield next.value.bytes;
    ended = next.value.ends;
  }
}

/** A window that is too large or a missing dictionary says nothing against the archive. */
const BEYOND_US = /window|dictionary|memory_allocation|version_unsupported/;

function explained(error: unknown, offset: number): unknown {
  if (!isNodeError(error)) return error;
  if (error.code.startsWith("ZSTD_error_") && BEYOND_US.test(error.code))
    return unreadableHere(`zstd: ${error.message}`);
  if (/^(?:ZSTD_error_|Z_)/.test(error.code)) return damaged("file", offset, `zstd: ${error.message}`);
  return error;
}
