/** What the wrapper of a command said about it, on one of the two streams. */
export type Said =
  | { readonly kind: "nothing" }
  | { readonly kind: "begun" }
  | { readonly kind: "ended"; readonly exitCode: number }
  | { readonly kind: "refused"; readonly why: string };

/** The two halves of a token nobody can guess. In the argument list they stand apart, so a list of processes is no marker. */
export interface Token {
  readonly first: string;
  readonly second: string;
}

/** The longest a marker's words are, line end included. Bytes. */
const LONGEST = 64;

/** The first byte of a marker: a record separator, which hardly ever stands in what programs print. */
const SEPARATOR = 0x1e;

/**
 * One stream of a wrapped command: what stands between the begin marker and the end marker, byte for byte, is the
 * command's; what stands around them (the client's own words, an update box) is not.
 */
export class MarkedStream {
  readonly #marker: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #said: Said = { kind: "nothing" };

  constructor({ first, second }: Token) {
    this.#marker = Buffer.from(`\u001e${second}${first} `);
  }

  /** What is known by now. */
  get said(): Said {
    return this.#said;
  }

  /** Takes the next bytes of the stream, gives those of the command. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    let rest =
      this.#held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : this.#joined(chunk);
    const given: Uint8Array[] = [];
    for (;;) {
      const at = rest.indexOf(this.#marker);
      const end = at < 0 ? rest.length - this.#beginnings(rest) : at;
      if (this.#said.kind === "begun" && end > 0) given.push(rest.subarray(0, end));
      const line = at < 0 ? -1 : rest.indexOf(0x0a, at);
      if (line < 0) return this.#hold(rest.subarray(end), given);
      this.#read(rest.toString("latin1", at + this.#marker.length, line));
      rest = rest.subarray(line + 1);
    }
  }

  #joined(chunk: Uint8Array): Buffer {
    return Buffer.concat([this.#held, chunk]);
  }

  /** A marker that has no end is none: what is held stays small. */
  #hold(rest: Buffer, given: Uint8Array[]): readonly Uint8Array[] {
    const isMarker = rest.length <= this.#marker.length + LONGEST;
    if (!isMarker && this.#said.kind === "begun") given.push(rest);
    this.#held = isMarker ? Buffer.from(rest) : Buffer.alloc(0);
    return given;
  }

  /** How many bytes at the end may be the beginning of a marker. */
  #beginnings(rest: Buffer): number {
    for (let at = Math.max(0, rest.length - this.#marker.length + 1); at < rest.length; at += 1) {
      const length = rest.length - at;
      if (rest[at] === SEPARATOR && this.#marker.subarray(0, length).equals(rest.subarray(at))) return length;
    }
    return 0;
  }

  #read(words: string): void {
    const exitCode = /^end (\d+)$/.exec(words)?.[1];
    const why = /^no (\w+)$/.exec(words)?.[1];
    if (words === "begin" && this.#said.kind === "nothing") this.#said = { kind: "begun" };
    else if (this.#said.kind === "begun" && exitCode !== undefined)
      this.#said = { kind: "ended", exitCode: Number(exitCode) };
    else if (this.#said.kind === "begun" && why !== undefined) this.#said = { kind: "refused", why };
  }
}
