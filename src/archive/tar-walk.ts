/** Walks a tar from header to header to its end marker, without keeping what is in it. */
import type { ArchiveContents } from "../model/archive.ts";
import { damaged, unreadableHere } from "./unsound.ts";

const BLOCK = 512;
/** More than this is no list of attributes. Bytes. */
const MAX_ATTRIBUTES = 1024 * 1024;

type Phase = "header" | "sparse" | "attributes" | "skip" | "second zero" | "over";

/** A tar as it comes, in chunks of any size. Throws {@link Unsound}. */
export class TarWalk {
  #offset = 0;
  #phase: Phase = "header";
  #missing = BLOCK;
  #held: Uint8Array[] = [];
  #entries = 0;
  #name = "";
  /** What attributes say of the next entry's size. */
  #nextSize: number | undefined;
  /** What the entry's header says, kept while sparse headers stand between. */
  #size = 0;

  feed(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#phase !== "over";) {
      const step = Math.min(this.#missing, chunk.length - at);
      if (this.#phase !== "skip") this.#held.push(chunk.slice(at, at + step));
      at += step;
      this.#offset += step;
      this.#missing -= step;
      if (this.#missing === 0) this.#next(Buffer.concat(this.#held));
    }
  }

  /** The stream has ended. Throws where the end marker has not been seen. */
  finish(): ArchiveContents {
    if (this.#phase === "over" && this.#entries > 0) return { entries: this.#entries, bytes: this.#offset };
    if (this.#phase === "over") throw damaged("tar", this.#offset, "the tar in it is empty");
    const inside = this.#phase === "header" || this.#entries === 0 ? "" : ` inside ${JSON.stringify(this.#name)}`;
    throw damaged("tar", this.#offset, `the tar in it ends${inside} without its end marker`);
  }

  #go(phase: Phase, missing: number): void {
    this.#held = [];
    this.#phase = phase;
    this.#missing = missing;
    if (phase === "skip" && missing === 0) this.#go("header", BLOCK);
  }

  #next(bytes: Buffer): void {
    switch (this.#phase) {
      case "header":
        return isZero(bytes) ? this.#go("second zero", BLOCK) : this.#readHeader(bytes);
      case "second zero":
        if (!isZero(bytes)) throw damaged("tar", this.#offset - BLOCK, "something follows half of an end marker");
        this.#phase = "over";
        return undefined;
      case "sparse":
        return bytes[504] === 1 ? this.#go("sparse", BLOCK) : this.#go("skip", padded(this.#size));
      case "attributes":
        this.#nextSize = sizeIn(bytes.subarray(0, this.#size)) ?? this.#nextSize;
        return this.#go("header", BLOCK);
      case "skip":
        return this.#go("header", BLOCK);
      case "over":
        return undefined;
    }
  }

  #readHeader(header: Buffer): void {
    const at = this.#offset - BLOCK;
    const size = number(header, 124, 12);
    if (!isSummed(header) || size === undefined) throw this.#noHeader(header, at);
    this.#name = nameIn(header);
    const type = String.fromCodePoint(header[156] ?? 0);
    if (type === "x") {
      if (size > MAX_ATTRIBUTES) throw damaged("tar", at, "an entry's list of attributes is too long");
      this.#size = size;
      return this.#go("attributes", padded(size));
    }
    if (type === "g" || type === "L" || type === "K") return this.#go("skip", padded(size));
    this.#entries += 1;
    // Links, devices and folders have no content, whatever is written as their size.
    this.#size = /[1-6]/.test(type) ? 0 : (this.#nextSize ?? size);
    this.#nextSize = undefined;
    const hasMore = type === "S" && header[482] === 1;
    return hasMore ? this.#go("sparse", BLOCK) : this.#go("skip", padded(this.#size));
  }

  #noHeader(header: Buffer, at: number): Error {
    const isTar = this.#entries > 0 || header.toString("latin1", 257, 262) === "ustar";
    if (!isTar && at === 0) return unreadableHere("what is compressed in it is no tar");
    const after = this.#entries === 0 ? "" : ` after ${JSON.stringify(this.#name)}`;
    return damaged("tar", at, `a header${after} has a wrong checksum`);
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** The sum of all bytes, its own eight counted as spaces; old writers took bytes for signed. */
function isSummed(header: Uint8Array): boolean {
  const written = number(header, 148, 8);
  let [unsigned, signed] = [0, 0];
  for (const [index, byte] of header.entries()) {
    const counted = index >= 148 && index < 156 ? 32 : byte;
    unsigned += counted;
    signed += counted > 127 ? counted - 256 : counted;
  }
  return written === unsigned || written === signed;
}

/** Octal digits; where they don't suffice, the first bit is set and the rest is a binary number. */
function number(header: Uint8Array, from: number, length: number): number | undefined {
  const field = header.subarray(from, from + length);
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, first & 0x7f);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const [, digits] = /^[\0 ]*([0-7]*)[\0 ]*$/.exec(Buffer.from(field).toString("latin1")) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits === "" ? "0" : digits, 8);
}

function nameIn(header: Buffer): string {
  const text = (from: number, length: number): string =>
    header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  const prefix = text(257, 5) === "ustar" && header[263] === 0x30 ? text(345, 155) : "";
  return prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
}

/** The `size` among `LENGTH KEY=VALUE` lines. */
function sizeIn(attributes: Buffer): number | undefined {
  const [, digits] = /(?:^|\n)\d+ size=(\d+)\n/.exec(attributes.toString("latin1")) ?? [];
  const size = Number(digits);
  return digits !== undefined && Number.isSafeInteger(size) ? size : undefined;
}
