/**
 * The disk as the state room needs it. A port so that a test can lose what was not fsynced: see docs/adr/0001-rooms-and-ports.md.
 * Paths are absolute. Errors are Node's own (`code: "ENOENT"` …).
 */
export interface Disk {
  /** The file's bytes as UTF-8, or `undefined` where there is no file. */
  read(path: string): Promise<string | undefined>;
  /** Replaces a file so that a crash leaves the old or the new one whole: temp file (mode), fsync, rename, fsync of the folder. */
  replace(path: string, text: string, mode: number): Promise<void>;
  /** Opens a file for appending; it is created (mode 0600) with its folder entry on disk. */
  openAppend(path: string): Promise<AppendFile>;
  /** Writes `text` to a fresh file and links it to `path`: full content appears at once. `false` where `path` exists. */
  createExclusive(path: string, text: string): Promise<boolean>;
  /** Removes a file, if there, and fsyncs the folder. */
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty where there is no folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder and those above it (mode 0700). */
  makeFolder(path: string): Promise<void>;
  /** A quicker way with many small files that are only a help; absent where `read` and `replace` are as quick. */
  readonly small?: SmallFiles;
}

/** Small files that need not survive a power cut. */
export interface SmallFiles {
  /** The texts of files, at once: a promise each would cost more. `undefined` where there is none or it can't be read. */
  read(paths: readonly string[]): readonly (string | undefined)[];
  /** Writes a file (mode 0600). No sync: a killed process may leave half of it. Rejects with Node's errors. */
  replace(path: string, text: string): Promise<void>;
}

/** A file that is only appended to. */
export interface AppendFile {
  /** Appends text; it is on disk when this resolves. Calls made while one is under way share the next fsync. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}
