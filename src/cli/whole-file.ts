/** Files that are written whole or not at all: reports, and plans that are kept. */
import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Tries whether a file can be written there: its folder is made. Gives what the file holds that is there, or that a link
 * leads to; `undefined` for none, and for a pipe. Throws the system's error.
 */
export async function tryFile(path: string): Promise<string | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const there = await standing(path);
  if (there?.isDirectory() === true) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  if (!(await isLink(path)) && (there === undefined || there.isFile())) {
    const passing = passingOf(path);
    await writeFile(passing, "", { flag: "wx" });
    await rm(passing);
  }
  // A pipe's reader would take a first try for all.
  return there?.isFile() === true ? await readFile(path, "utf8") : undefined;
}

/**
 * Writes a file whole or not at all, in the place of one that is there, with its mode; through a link and into a pipe as it
 * comes. `mode`: of every such file, whatever stood there. Throws the system's error.
 */
export async function putFile(path: string, text: string, mode?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const there = await standing(path);
  if ((await isLink(path)) || there?.isFile() === false) return await writeFile(path, text);
  const passing = passingOf(path);
  const kept = mode ?? (there === undefined ? undefined : there.mode & 0o777);
  try {
    await writeFile(passing, text, { flag: "wx", mode: kept ?? 0o666 });
    if (kept !== undefined) await chmod(passing, kept);
    await rename(passing, path);
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

/** What stands there, or where a link leads. */
async function standing(path: string): Promise<Stats | undefined> {
  return await stat(path).catch(orNone);
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(orNone))?.isSymbolicLink() === true;
}

function orNone(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
