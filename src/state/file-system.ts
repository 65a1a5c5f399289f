/**
 * The calls of a file system that the disk is made of, as `node:fs/promises` has them. What is not synced may be lost
 * when the power goes: with these apart from what is built on them, a test can lose it. Errors are Node's own.
 */
export interface FileSystem {
  open(path: string, flags: string | number, mode?: number): Promise<OpenFile>;
  readFile(path: string, encoding: "utf8"): Promise<string>;
  readdir(path: string): Promise<string[]>;
  /** The first folder that had to be made; `undefined` where all were there. */
  mkdir(path: string, options: { readonly recursive: true; readonly mode: number }): Promise<string | undefined>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<{ readonly mode: number }>;
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** An open file or folder. */
export interface OpenFile {
  /** Writes bytes from an offset in them, at the file's end where it was opened for appending. */
  write(bytes: Uint8Array, offset: number): Promise<{ readonly bytesWritten: number }>;
  writeFile(text: string): Promise<void>;
  /** What was written is on the medium when this resolves; of a folder: its entries. */
  sync(): Promise<void>;
  /** As `sync`, without what only tells about the file. */
  datasync(): Promise<void>;
  truncate(size: number): Promise<void>;
  stat(): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}
