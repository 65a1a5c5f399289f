/** One thing that a machine gives, before its content. */
export interface GotEntry {
  readonly kind: "file" | "folder" | "link" | "other";
  readonly mode: number;
  readonly size: number;
  readonly digest: string;
  /** Relative to what was asked for; `.` is that itself. */
  readonly path: string;
}

/** Who takes what a machine gives. Each is waited for before the next is called. */
export interface GotSink {
  begin(entry: GotEntry): Promise<void>;
  piece(bytes: Uint8Array): Promise<void>;
  end(entry: GotEntry): Promise<void>;
}

/** The longest a line about one thing may be: paths in Linux are 4096 bytes at most. */
const LONGEST_LINE = 8192;

const KINDS = { f: "file", d: "folder", l: "link", x: "other" } as const;

/** Reads what the script `GET` prints, however it is cut into pieces. */
export class GotStream {
  readonly #word: Buffer;
  readonly #sink: GotSink;
  #held: Buffer = Buffer.alloc(0);
  #entry: GotEntry | undefined;
  #left = 0;
  #count = 0;
  #complete = false;
  #broken = false;

  constructor(word: string, sink: GotSink) {
    this.#word = Buffer.from(`${word} `);
    this.#sink = sink;
  }

  /** Whether all was given that the machine said it would give. */
  get complete(): boolean {
    return this.#complete && !this.#broken;
  }

  /** Takes the next bytes. What makes no sense is not passed on, nor what follows it. */
  async push(chunk: Uint8Array): Promise<void> {
    let rest = this.#held.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#held, chunk]);
    while (rest.length > 0 && !this.#broken) {
      const used = this.#entry === undefined ? await this.#line(rest) : await this.#content(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.#held = this.#broken ? Buffer.alloc(0) : Buffer.from(rest);
  }

  async #content(rest: Buffer): Promise<number> {
    const piece = rest.subarray(0, this.#left);
    this.#left -= piece.length;
    await this.#sink.piece(piece);
    if (this.#left === 0) await this.#ended();
    return piece.length;
  }

  async #ended(): Promise<void> {
    const entry = this.#entry;
    this.#entry = undefined;
    if (entry !== undefined) await this.#sink.end(entry);
  }

  async #line(rest: Buffer): Promise<number> {
    const end = rest.indexOf("//\n");
    if (end < 0) {
      this.#broken = rest.length > LONGEST_LINE;
      return 0;
    }
    const parts = rest.subarray(0, this.#word.length).equals(this.#word) && !this.#complete;
    const text = rest.toString("utf8", this.#word.length, end);
    if (parts) await this.#read(text);
    else this.#broken = true;
    return end + 3;
  }

  async #read(text: string): Promise<void> {
    const [, kind = "", mode = "", size = "", digest = "", path = ""] =
      /^([fdlxz]) (\d+) (\d+) (\S+) ([\s\S]+)$/.exec(text) ?? [];
    if (kind === "z") {
      this.#complete = Number(path) === this.#count;
      this.#broken = !this.#complete;
    } else if (kind === "f" || kind === "d" || kind === "l" || kind === "x") {
      this.#count += 1;
      await this.#begun({ kind: KINDS[kind], mode: Number.parseInt(mode, 8), size: Number(size), digest, path });
    } else {
      this.#broken = true;
    }
  }

  async #begun(entry: GotEntry): Promise<void> {
    this.#entry = entry;
    this.#left = entry.size;
    await this.#sink.begin(entry);
    if (entry.size === 0) await this.#ended();
  }
}
