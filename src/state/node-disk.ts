/** The real disk. */
import { constants } from "node:fs";
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { dirname } from "node:path";
import { appendFile } from "./append-file.ts";
import { isNodeError } from "./disk-errors.ts";
import type { AppendFile, Disk } from "./disk.ts";
import { smallFiles } from "./small-files.ts";
import { tempPath } from "./temp-file.ts";

const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** The disk of this computer, through Node. What it says is done is on the medium, folder entries included. */
export function nodeDisk(): Disk {
  return {
    read,
    replace,
    openAppend,
    createExclusive,
    remove,
    list,
    makeFolder,
    small: smallFiles,
  };
}

function read(path: string): Promise<string | undefined> {
  return unlessMissing(readFile(path, "utf8"));
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  // A link that a user put there stays one: the file it leads to is replaced.
  const target = (await unlessMissing(realpath(path))) ?? path;
  await refuseReadOnly(target);
  await withTemporary(target, { text, mode }, (temporary) => rename(temporary, target));
}

async function openAppend(path: string): Promise<AppendFile> {
  await refuseReadOnly(path);
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, PRIVATE);
  await syncFolder(dirname(path));
  return appendFile(file, (await file.stat()).size);
}

async function createExclusive(path: string, text: string): Promise<boolean> {
  try {
    await withTemporary(path, { text, mode: PRIVATE }, async (temporary) => {
      await link(temporary, path);
      await unlink(temporary);
    });
    return true;
  } catch (error) {
    if (isNodeError(error) && error.code === "EEXIST") return false;
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  const removed = await unlessMissing(unlink(path).then(() => true));
  if (removed) await syncFolder(dirname(path));
}

async function list(folder: string): Promise<readonly string[]> {
  return ((await unlessMissing(readdir(folder))) ?? []).toSorted();
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

interface Content {
  readonly text: string;
  readonly mode: number;
}

/** Writes a complete, synced file under a temporary name, puts it in place, syncs the folder; leaves nothing on failure. */
async function withTemporary(
  path: string,
  content: Content,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = tempPath(path);
  try {
    await writeSynced(temporary, content);
    await place(temporary);
  } catch (error) {
    // The first error is the one to tell; a temporary file that stays is swept by the next run.
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeSynced(path: string, { text, mode }: Content): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Renaming over a file asks nobody for the right to write it: a file marked read-only, by hand, is refused here. */
async function refuseReadOnly(path: string): Promise<void> {
  const found = await unlessMissing(stat(path));
  if (found === undefined || (found.mode & 0o222) !== 0) return;
  throw Object.assign(new Error(`EACCES: permission denied, '${path}' is marked read-only`), { code: "EACCES", path });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await syncIfPossible(handle);
  } finally {
    await handle.close();
  }
}

/** Some network file systems have no sync of folders: nothing more can be done there. */
async function syncIfPossible(folder: FileHandle): Promise<void> {
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
