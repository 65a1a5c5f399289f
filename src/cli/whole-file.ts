/** Files that are written whole or not at all: reports, and plans that are kept. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Tries whether a file can be written there: its folder is made. Gives what the file holds that is there, or that a link
 * leads to; `undefined` for none, and for a pipe. Throws the system's error.
 */
export async function tryFile(path: string): Promise<string | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const { target, kind } = await standing(path);
  if (kind === "folder") throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  // A pipe's reader would take a first try for all.
  if (kind === "other") return undefined;
  const passing = passingOf(target);
  await writeFile(passing, "", { flag: "wx" });
  await rm(passing);
  return kind === "file" ? await readFile(target, "utf8") : undefined;
}

/** Writes a file whole, in the place of one that is there or that a link leads to; or into a pipe. Throws the system's error. */
export async function putFile(path: string, text: string, mode = 0o666): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const { target, kind } = await standing(path);
  if (kind === "other") return await writeFile(target, text);
  const passing = passingOf(target);
  try {
    await writeFile(passing, text, { mode, flag: "wx" });
    await rename(passing, target);
  } catch (error) {
    await rm(passing, { force: true }).catch(() => undefined);
    throw error;
  }
}

const REASONS: { readonly [code: string]: string } = {
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a part of the path is a file",
  EACCES: "it may not be read or written",
  EPERM: "it may not be read or written",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
};

/** Why the system refused a file, to stand behind a sentence: `: it is a folder`; empty where there is no word for it. */
export function reasonOf(error: unknown): string {
  const reason = REASONS[codeOf(error)];
  return reason === undefined ? "" : `: ${reason}`;
}

function passingOf(path: string): string {
  return `${path}.${randomUUID()}.tmp`;
}

/** What stands there, or where a link leads; `other`: a pipe, a terminal. */
async function standing(path: string): Promise<{ readonly target: string; readonly kind: string }> {
  try {
    const there = await stat(path);
    if (there.isFile()) return { target: await realpath(path), kind: "file" };
    return { target: path, kind: there.isDirectory() ? "folder" : "other" };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { target: path, kind: "none" };
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
