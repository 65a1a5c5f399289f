/** A tar (ustar) with one file in it. */

const BLOCK = 512;

/** Packs a file: its header, its content, the end marker. */
export function packTar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  const field = (text: string, at: number): number => header.write(text, at, "latin1");
  field(name, 0);
  field("0000600\0", 100);
  field("0000000\0", 108);
  field("0000000\0", 116);
  field(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  field("00000000000\0", 136);
  // The checksum is of a header in which it is eight spaces.
  field("        0", 148);
  field("ustar\u000000", 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  field(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}

/** The content of the file that {@link packTar} packed. Throws for anything else. */
export function unpackTar(name: string, tar: Buffer): Buffer {
  if (!tar.toString("latin1", 0, BLOCK).startsWith(`${name}\0`)) throw new Error("it holds something else");
  const size = Number.parseInt(tar.toString("latin1", 124, 135), 8);
  return tar.subarray(BLOCK, BLOCK + size);
}
