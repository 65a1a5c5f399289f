/** Calls for files too large to pass through the disk's port, which reads and writes whole texts. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isNodeError } from "../state/disk-errors.ts";

/** Bytes of a file; `undefined` where there is none, or something else than a file. Rejects with Node's errors. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isNodeError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The same of a file that is no link to another. */
export async function plainFileSize(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isNodeError(error) && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

/** Whether there is a folder. Rejects with Node's errors. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isNodeError(error) && ["ENOENT", "ENOTDIR"].includes(error.code)) return false;
    throw error;
  }
}

/** Hex SHA-256 of a file, however large. Rejects with Node's errors. */
export async function fileDigest(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { ...(signal && { signal }) })) hash.update(chunk);
  return hash.digest("hex");
}

/** Puts a file that somebody else wrote on the medium, for its owner's eyes only: a machine's disk holds secrets. */
export async function settleFile(path: string): Promise<void> {
  await chmod(path, 0o600);
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Gives a file its final name and puts that on the medium. Gives the error where only the latter failed: it is in place all
 * the same. Rejects with Node's errors where it is not.
 */
export async function place(from: string, to: string): Promise<unknown> {
  await rename(from, to);
  return await syncFolder(dirname(to)).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Puts a folder's entries on the medium, where its file system can do that. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems have no sync of folders: nothing more can be done there.
    if (!isNodeError(error) || !["EINVAL", "ENOTSUP", "EPERM"].includes(error.code)) throw error;
  } finally {
    await folder.close();
  }
}
