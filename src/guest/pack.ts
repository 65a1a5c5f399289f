import { createHash } from "node:crypto";
import type { LocalEntry } from "./local-tree.ts";

/** The block that a pack is parted by. Bytes. */
const BLOCK = 512;

/** One thing in a pack, with its content where it has any. */
export interface Packed {
  readonly entry: LocalEntry;
  readonly content: Uint8Array;
}

/** Many small things as one stream for the script `PUT_PACK`. */
export interface Pack {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly scriptBlocks: number;
}

/** Puts a pack together. `targetOf` gives the path inside; `mode` overrides that of files. */
export function pack(
  things: readonly Packed[],
  { targetOf, mode }: { readonly targetOf: (path: string) => string; readonly mode?: number | undefined },
): Pack {
  // Where contents begin depends on how long the script is, and its length on where they begin.
  let scriptBlocks = 0;
  let script = Buffer.alloc(0);
  do {
    scriptBlocks = blocks(script.length);
    script = Buffer.from(scriptOf(things, { targetOf, mode, firstBlock: scriptBlocks }));
  } while (blocks(script.length) > scriptBlocks);
  const parts = things.flatMap(({ content }) => [content, padding(content.length, 0)]);
  const spare = scriptBlocks * BLOCK - script.length;
  const bytes = Buffer.concat([script, Buffer.alloc(spare, "\n"), ...parts]);
  return { bytes, digest: createHash("sha256").update(bytes).digest("hex"), scriptBlocks };
}

interface Scripted {
  readonly targetOf: (path: string) => string;
  readonly mode: number | undefined;
  readonly firstBlock: number;
}

function scriptOf(things: readonly Packed[], { targetOf, mode, firstBlock }: Scripted): string {
  let at = firstBlock;
  const lines = things.map(({ entry, content }) => {
    const target = quotedWord(targetOf(entry.path));
    if (entry.kind === "folder") return `d ${octal(entry.mode)} ${target}`;
    if (entry.kind === "link") return `l ${quotedWord(entry.leadsTo)} ${target}`;
    const whole = Math.floor(content.length / BLOCK);
    const line = `f ${octal(mode ?? entry.mode)} ${at} ${whole} ${content.length % BLOCK} ${target}`;
    at += blocks(content.length);
    return line;
  });
  return `${lines.join("\n")}\n`;
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK);
}

function padding(bytes: number, fill: number): Uint8Array {
  return Buffer.alloc(blocks(bytes) * BLOCK - bytes, fill);
}

/** A word of a shell script that means itself, whatever it holds. */
function quotedWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A mode as chmod takes it. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}
