import { randomUUID } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { isPlanText } from "./plan-text.ts";

/**
 * Looks, before anything is planned or applied, whether reports can be written there: their folders are made. JSON that
 * is no report is not written over. Errors: `ORB_REPORT_UNWRITABLE`, `ORB_FILE_EXISTS`.
 */
export async function checkTargets(files: readonly string[], cwd: string): Promise<void> {
  for (const file of files) {
    const path = resolve(cwd, file);
    try {
      await mkdir(dirname(path), { recursive: true });
      if (await isOrdinary(path)) await probe(path);
      // A pipe's reader would take a first try for all.
      else await refuseFolder(path);
    } catch (error) {
      throw unwritable(path, error);
    }
    await refuseOther(path);
  }
}

/** Writes a report, whole or not at all. Error: `ORB_REPORT_UNWRITABLE`. */
export async function writeReport(file: string, text: string, cwd: string): Promise<void> {
  const path = resolve(cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (await isOrdinary(path)) await replace(path, text);
    else await writeFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** A link, a pipe, a terminal: what is written goes where it leads. */
async function isOrdinary(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  }
}

async function refuseFolder(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
}

async function replace(path: string, text: string): Promise<void> {
  const passing = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(passing, text, { flag: "wx" });
    await rename(passing, path);
  } catch (error) {
    await rm(passing, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function probe(path: string): Promise<void> {
  const passing = `${path}.${randomUUID()}.tmp`;
  await writeFile(passing, "", { flag: "wx" });
  await rm(passing);
}

/** A state, a project's file, or a plan that was kept: a word too many must not take it. */
async function refuseOther(path: string): Promise<void> {
  const isFile = await stat(path).then(
    (there) => there.isFile(),
    () => false,
  );
  if (!isFile || !path.toLowerCase().endsWith(".json")) return;
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === "" || (isReport(text) && !isPlanText(text))) return;
  throw new OrbformError("ORB_FILE_EXISTS", {
    summary: "Something else stands there",
    detail: `${path} exists and is no report. It was left as it is, and nothing was done.`,
    hint: "Name another file, or remove that one: --report FILE.",
  });
}

/** Ours, or SARIF. */
function isReport(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && ("format_version" in value || "runs" in value);
  } catch {
    return false;
  }
}

const REASONS: { readonly [code: string]: string } = {
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "a part of the path is a file",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

function unwritable(path: string, cause: unknown): OrbformError {
  const reason = REASONS[codeOf(cause)];
  return new OrbformError("ORB_REPORT_UNWRITABLE", {
    summary: "A report could not be written",
    detail: `${path} could not be written${reason === undefined ? "" : `: ${reason}`}. What was planned or applied is not affected.`,
    hint: "Name a file in a folder that can be written to: --report FILE.",
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
