import { createHash, type Hash } from "node:crypto";
import { chmod, lstat, mkdir, open, rename, rm, symlink, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { quoted } from "./failures.ts";
import type { GotEntry, GotSink } from "./got-stream.ts";

/** Where what a machine gives is written. */
export interface Writing {
  /** The path that the thing itself gets; what is in it comes below. */
  readonly root: string;
  /** Names temporary files. */
  readonly word: string;
}

interface Open {
  readonly file: FileHandle | undefined;
  readonly target: string;
  readonly part: string;
  readonly hash: Hash;
  /** Of a link: where it leads. */
  text: string;
}

interface Link {
  readonly target: string;
  readonly leadsTo: string;
}

/**
 * Writes what a machine gives, file by file, each under a temporary name until its digest is right. A machine may say
 * anything: no path leads out of the root, none goes through a link, and links are made at the very end.
 */
export class LocalWriter implements GotSink {
  readonly #writing: Writing;
  readonly #links: Link[] = [];
  readonly #folders: { readonly target: string; readonly mode: number }[] = [];
  /** Folders that were made or looked at here: what is in any other may lie behind a link. */
  readonly #known = new Set<string>();
  /** What was written here, by device and inode: a Mac's disk may take a second name for one of these. */
  readonly #made = new Set<string>();
  #open: Open | undefined;

  constructor(writing: Writing) {
    this.#writing = writing;
  }

  async begin(entry: GotEntry): Promise<void> {
    const target = this.#target(entry);
    await written(target, () => this.#begin(entry, target));
  }

  async piece(bytes: Uint8Array): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    open.hash.update(bytes);
    if (open.file === undefined) open.text += Buffer.from(bytes).toString("latin1");
    else await written(open.target, async () => open.file?.writeFile(bytes));
  }

  async end(entry: GotEntry): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    await written(open.target, async () => open.file?.close());
    if (open.hash.digest("hex") !== entry.digest) throw changed(open.target);
    if (entry.kind === "link")
      this.#links.push({ target: open.target, leadsTo: Buffer.from(open.text, "latin1").toString("utf8") });
    else await written(open.target, () => this.#put(open.target, () => inPlace(open, entry.mode)));
    this.#open = undefined;
  }

  /** Nothing that came in this run is written over: two names there may be one here, which differ in capitals only. */
  async #put(target: string, put: () => Promise<void>): Promise<void> {
    const there = await identity(target);
    if (there !== undefined && this.#made.has(there))
      throw refused(target, "is here the same as a file that came before it, under another spelling");
    await put();
    const made = await identity(target);
    if (made !== undefined) this.#made.add(made);
  }

  /** Makes the links and gives folders their modes; what is left of a file that did not come whole goes. */
  async close(complete: boolean): Promise<void> {
    const left = this.#open;
    this.#open = undefined;
    if (left !== undefined) {
      await left.file?.close().catch(() => undefined);
      await rm(left.part, { force: true });
    }
    if (!complete) return;
    for (const link of this.#links) await written(link.target, () => this.#put(link.target, () => linked(link)));
    // Deepest first: a folder that nobody may write into is filled by now.
    for (const { target, mode } of this.#folders.toReversed()) await written(target, () => chmod(target, mode & 0o777));
  }

  async #begin(entry: GotEntry, target: string): Promise<void> {
    if (entry.kind === "other") throw refused(target, "is neither a file nor a folder nor a link there");
    if (entry.kind === "folder") return this.#folder(target, entry.mode);
    if (entry.path === ".") await mkdir(dirname(target), { recursive: true });
    const part = join(dirname(target), `.orbform-${this.#writing.word}`);
    const file = entry.kind === "file" ? await open(part, "wx", 0o600) : undefined;
    this.#open = { file, target, part, hash: createHash("sha256"), text: "" };
  }

  async #folder(target: string, mode: number): Promise<void> {
    const there = await lstat(target).catch(() => undefined);
    const isRoot = target === this.#writing.root;
    this.#known.add(target);
    if (there?.isDirectory() === true || (isRoot && there?.isSymbolicLink() === true)) return;
    if (there !== undefined) throw refused(target, "is no folder here");
    await mkdir(target, { recursive: isRoot, mode: 0o700 });
    this.#folders.push({ target, mode });
  }

  /** A path that a machine names: never out of the root. */
  #target({ path }: GotEntry): string {
    if (path === ".") return this.#writing.root;
    const [first, ...names] = path.split("/");
    const safe = first === "." && names.length > 0 && names.every((name) => !["", ".", ".."].includes(name));
    const target = join(this.#writing.root, ...names);
    if (!safe || path.includes("\0") || !this.#known.has(dirname(target)))
      throw refused(path, "is no path below what was asked for");
    return target;
  }
}

/** Which file it is, whatever it is called; `undefined` where there is none. */
async function identity(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

async function inPlace({ part, target }: Open, mode: number): Promise<void> {
  await chmod(part, mode & 0o777);
  await rename(part, target);
}

async function linked({ target, leadsTo }: Link): Promise<void> {
  if (await isFolder(target)) throw refused(target, "is a folder here and a link there");
  await rm(target, { force: true });
  await symlink(leadsTo, target);
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function refused(path: string, why: string): OrbformError {
  return new OrbformError("ORB_COMMAND_FAILED", {
    summary: "Something there can't be written here",
    detail: `${quoted(path)} ${why}. What came before it is there, whole.`,
    hint: "Ask for something below it, or for another place.",
  });
}

function changed(path: string): OrbformError {
  return new OrbformError("ORB_CONNECTION", {
    summary: "A file did not arrive whole",
    detail: `What arrived for ${quoted(path)} is not what the machine has: it changed meanwhile, or the connection was cut. Nothing half written was left in place.`,
    hint: "Try again.",
  });
}

/** What this computer's disk refuses is told as an error of the user's, whichever step it was. */
async function written<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof Error && "syscall" in error ? unwritable(path, error) : error;
  }
}

function unwritable(path: string, error: Error): OrbformError {
  const why = "code" in error ? String(error.code) : "unknown";
  const isFull = why === "ENOSPC" || why === "EDQUOT";
  return new OrbformError(isFull ? "ORB_DISK_FULL" : "ORB_COMMAND_FAILED", {
    summary: isFull ? "Disk is full" : "A file can't be written here",
    detail: `${quoted(path)} can't be put in place on this computer (${why}). Nothing half written was left in place.`,
    hint: isFull ? "Make room on this computer, then try again." : "Look at the path.",
    cause: error,
  });
}
