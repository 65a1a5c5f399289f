import { InMemoryFs } from "just-bash";

/** Where a shell that streams sends what it prints. */
export const STREAMS = { stdout: "/dev/orb-stdout", stderr: "/dev/orb-stderr" } as const;

const ENDLESS_BYTES = 16 * 1024 * 1024;

/** The file system of a machine while a command runs in it: what is appended to a stream's path goes out at once. */
export class GuestFs extends InMemoryFs {
  readonly #streams = new Map<string, (bytes: Uint8Array) => void>();

  /** Fills devices: standard input (a character a byte), endless files. The shell makes empty ones, so this comes after it. */
  fillDevices(input: string): void {
    this.writeFileLazy("/dev/stdin", () => Buffer.from(input, "latin1"));
    this.writeFileLazy("/dev/zero", () => new Uint8Array(ENDLESS_BYTES));
    this.writeFileLazy("/dev/urandom", noise);
  }

  /** Hands on what is appended to a path, instead of keeping it. */
  attach(path: string, write: (bytes: Uint8Array) => void): void {
    this.#streams.set(path, write);
  }

  /** A file that is there keeps its mode: the sandbox would make another one in its place. */
  override async writeFile(...args: Parameters<InMemoryFs["writeFile"]>): Promise<void> {
    const [path] = args;
    const before = await super.lstat(path).catch(() => undefined);
    await super.writeFile(...args);
    if (before?.isFile === true) await super.chmod(path, before.mode);
  }

  override async appendFile(...args: Parameters<InMemoryFs["appendFile"]>): Promise<void> {
    const [path, content, options] = args;
    const write = this.#streams.get(path);
    if (!write) return super.appendFile(...args);
    const encoding = typeof options === "string" ? options : options?.encoding;
    const bytes =
      typeof content === "string" ? Buffer.from(content, encoding === "binary" ? "latin1" : "utf8") : content;
    if (bytes.length > 0) write(bytes);
  }
}

/** Bytes without a pattern, the same each time: chance would make a simulated run unrepeatable. */
function noise(): Uint8Array {
  const bytes = new Uint32Array(ENDLESS_BYTES / 4);
  let state = 2_463_534_242;
  for (let index = 0; index < bytes.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return new Uint8Array(bytes.buffer);
}
