import { constants } from "node:fs";
import { dirname } from "node:path";
import { appendFile, type Turn } from "./append-file.ts";
import { isNodeError } from "./disk-errors.ts";
import type { AppendFile, Disk } from "./disk.ts";
import type { FileSystem, OpenFile } from "./file-system.ts";
import { tempPath } from "./temp-file.ts";

const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * A disk on a file system, for the process with this pid. What it says is done is on the medium, folder entries included.
 * Appending waits for a turn, so that what belongs together shares a sync.
 */
export function fileDisk(fs: FileSystem, pid: number, turn: Turn = () => Promise.resolve()): Disk {
  const files = new Files(fs, pid, turn);
  return {
    read: (path) => unlessMissing(fs.readFile(path, "utf8")),
    replace: (path, text, mode) => files.replace(path, { text, mode }),
    openAppend: (path) => files.openAppend(path),
    createExclusive: (path, text) => files.createExclusive(path, text),
    remove: (path) => files.remove(path),
    list: async (folder) => ((await unlessMissing(fs.readdir(folder))) ?? []).toSorted(),
    makeFolder: (path) => files.makeFolder(path),
  };
}

interface Content {
  readonly text: string;
  readonly mode: number;
}

class Files {
  readonly #fs: FileSystem;
  readonly #pid: number;
  readonly #turn: Turn;

  constructor(fs: FileSystem, pid: number, turn: Turn) {
    this.#fs = fs;
    this.#pid = pid;
    this.#turn = turn;
  }

  async replace(path: string, content: Content): Promise<void> {
    // A link that a user put there stays one: the file it leads to is replaced.
    const target = (await unlessMissing(this.#fs.realpath(path))) ?? path;
    await this.#refuseReadOnly(target);
    await this.#withTemporary(target, content, (temporary) => this.#fs.rename(temporary, target));
  }

  async openAppend(path: string): Promise<AppendFile> {
    await this.#refuseReadOnly(path);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
    const file = await this.#fs.open(path, flags, PRIVATE);
    await this.#syncFolder(dirname(path));
    return appendFile(file, (await file.stat()).size, this.#turn);
  }

  async createExclusive(path: string, text: string): Promise<boolean> {
    try {
      await this.#withTemporary(path, { text, mode: PRIVATE }, async (temporary) => {
        await this.#fs.link(temporary, path);
        await this.#fs.unlink(temporary);
      });
      return true;
    } catch (error) {
      if (isNodeError(error) && error.code === "EEXIST") return false;
      throw error;
    }
  }

  async remove(path: string): Promise<void> {
    const removed = await unlessMissing(this.#fs.unlink(path).then(() => true));
    if (removed) await this.#syncFolder(dirname(path));
  }

  async makeFolder(path: string): Promise<void> {
    const first = await this.#fs.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
    if (first === undefined) return;
    for (let made = path; made.length >= first.length; made = dirname(made)) await this.#syncFolder(dirname(made));
  }

  /** Writes a complete, synced file under a temporary name, puts it in place, syncs the folder; leaves nothing on failure. */
  async #withTemporary(path: string, content: Content, place: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = tempPath(path, this.#pid);
    try {
      await this.#writeSynced(temporary, content);
      await place(temporary);
    } catch (error) {
      // The first error is the one to tell; a temporary file that stays is swept by the next run.
      await this.#fs.unlink(temporary).catch(() => undefined);
      throw error;
    }
    await this.#syncFolder(dirname(path));
  }

  async #writeSynced(path: string, { text, mode }: Content): Promise<void> {
    const file = await this.#fs.open(path, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Renaming over a file asks nobody for the right to write it: a file marked read-only, by hand, is refused here. */
  async #refuseReadOnly(path: string): Promise<void> {
    const found = await unlessMissing(this.#fs.stat(path));
    if (found === undefined || (found.mode & 0o222) !== 0) return;
    throw Object.assign(new Error(`EACCES: permission denied, '${path}' is marked read-only`), {
      code: "EACCES",
      path,
    });
  }

  async #syncFolder(folder: string): Promise<void> {
    const handle = await this.#fs.open(folder, "r");
    try {
      await syncIfPossible(handle);
    } finally {
      await handle.close();
    }
  }
}

/** Some network file systems have no sync of folders: nothing more can be done there. */
async function syncIfPossible(folder: OpenFile): Promise<void> {
  try {
    await folder.sync();
  } catch (error) {
    if (!isNodeError(error) || !["EINVAL", "ENOTSUP", "EPERM"].includes(error.code)) throw error;
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isNodeError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}
