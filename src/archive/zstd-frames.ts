/**
 * Where the frames of a zstd file begin and end (RFC 8878), without unpacking them: Node's own decompressor stops after
 * the first frame without a word. Also tells how far a cut file goes.
 */
import { damaged, unreadableHere } from "./unsound.ts";

/** Bytes of one frame. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Offset of the frame in the file. */
  readonly frame: number;
  /** The frame ends with these. */
  readonly ends: boolean;
}

type Phase = "magic" | "descriptor" | "header" | "block" | "data" | "checksum" | "skip size" | "skip";

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a5;
const MAX_BLOCK = 128 * 1024;

/** Takes a file apart, chunk by chunk. Throws {@link Unsound}; keeps a few bytes at most. */
export class ZstdFrames {
  /** Bytes seen. */
  #offset = 0;
  #frame = 0;
  #phase: Phase = "magic";
  #missing = 4;
  #held: number[] = [];
  #isLast = false;
  #hasChecksum = false;
  #count = 0;

  /** The pieces that a chunk has of frames; what only fills space is left out. */
  feed(chunk: Uint8Array): readonly Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length;) {
      const before = this.#phase;
      const step = Math.min(this.#missing, chunk.length - at);
      if (isKept(before)) this.#held.push(...chunk.subarray(at, at + step));
      at += step;
      this.#offset += step;
      this.#missing -= step;
      const frame = this.#frame;
      while (this.#missing === 0) {
        const phase = this.#phase;
        const magic = phase === "magic" ? Uint8Array.from(this.#held) : undefined;
        this.#next();
        if (magic !== undefined && this.#isInFrame()) pieces.push({ bytes: magic, frame: this.#frame, ends: false });
        if (magic !== undefined) from = at;
        if (phase !== "magic" && phase !== "skip" && this.#phase === "magic") {
          pieces.push({ bytes: chunk.subarray(from, at), frame, ends: true });
        }
      }
    }
    if (this.#isInFrame() && from < chunk.length) {
      pieces.push({ bytes: chunk.subarray(from), frame: this.#frame, ends: false });
    }
    return pieces;
  }

  /** The file has ended. Throws where a frame has not, or where there was none. */
  finish(): void {
    if (this.#phase === "magic" && this.#held.length === 0 && this.#count > 0) return;
    const why = this.#offset === 0 ? "it is empty" : "it ends in the middle: it was cut off";
    throw damaged("file", this.#offset, why);
  }

  #isInFrame(): boolean {
    return this.#phase !== "magic" && this.#phase !== "skip" && this.#phase !== "skip size";
  }

  #go(phase: Phase, missing: number): void {
    this.#phase = phase;
    this.#missing = missing;
    this.#held = [];
  }

  #next(): void {
    switch (this.#phase) {
      case "magic":
        return this.#begin();
      case "descriptor":
        return this.#readDescriptor(this.#held[0] ?? 0);
      case "header":
        return this.#go("block", 3);
      case "block":
        return this.#readBlock(little(this.#held));
      case "data":
        return this.#isLast ? this.#endBlocks() : this.#go("block", 3);
      case "skip size":
        return this.#go("skip", little(this.#held));
      case "checksum":
      case "skip":
        return this.#go("magic", 4);
    }
  }

  #begin(): void {
    const magic = little(this.#held);
    this.#frame = this.#offset - 4;
    if (magic === MAGIC) {
      this.#count += 1;
      return this.#go("descriptor", 1);
    }
    if (Math.floor(magic / 16) === SKIPPABLE) return this.#go("skip size", 4);
    if (this.#frame > 0) throw damaged("file", this.#frame, "what follows there is not zstd");
    throw unreadableHere(`its compression is not zstd${kindOf(this.#held)}`);
  }

  #readDescriptor(byte: number): void {
    if ((byte & 0x08) !== 0) throw damaged("file", this.#offset - 1, "a frame's header is not right");
    const isSingle = (byte & 0x20) !== 0;
    this.#hasChecksum = (byte & 0x04) !== 0;
    const dictionary = [0, 1, 2, 4][byte & 3] ?? 0;
    const size = [isSingle ? 1 : 0, 2, 4, 8][byte >> 6] ?? 0;
    this.#go("header", (isSingle ? 0 : 1) + dictionary + size);
  }

  #readBlock(header: number): void {
    const [type, size] = [(header >> 1) & 3, header >> 3];
    if (type === 3 || size > MAX_BLOCK) throw damaged("file", this.#offset - 3, "a block's header is not right");
    this.#isLast = (header & 1) === 1;
    this.#go("data", type === 1 ? 1 : size);
  }

  #endBlocks(): void {
    this.#go(this.#hasChecksum ? "checksum" : "magic", 4);
  }
}

function isKept(phase: Phase): boolean {
  return phase === "magic" || phase === "descriptor" || phase === "block" || phase === "skip size";
}

function little(bytes: readonly number[]): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

const KINDS: readonly (readonly [string, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
];

function kindOf(bytes: readonly number[]): string {
  const kind = KINDS.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte));
  return kind === undefined ? "" : ` but ${kind[0]}`;
}
