import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { misused, quoted } from "./failures.ts";
import { localPath } from "./local-path.ts";

/** One thing on this computer that is to be put into a machine. */
export type LocalEntry =
  | { readonly kind: "folder"; readonly path: string; readonly mode: number }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly mode: number;
      readonly size: number;
      readonly from: string;
    }
  | { readonly kind: "link"; readonly path: string; readonly leadsTo: string };

/** A file or folder on this computer with all that is in it. Paths are relative to the root, parted by `/`. */
export interface LocalTree {
  readonly name: string;
  readonly root: LocalEntry;
  /** Folders before what is in them, in the order of names. Without the root. */
  readonly entries: readonly LocalEntry[];
}

/**
 * Looks at what is to be put. A link given by name is followed; one inside a folder stays a link. Errors: `ORB_USAGE`
 * for what isn't there, and for sockets, devices and pipes.
 */
export async function localTree(from: string): Promise<LocalTree> {
  const path = await localPath(from);
  const root = await entryOf(path, { path: "", follow: true });
  const entries = root.kind === "folder" ? await inside(path, "") : [];
  return { name: basename(path), root, entries };
}

async function inside(folder: string, prefix: string): Promise<readonly LocalEntry[]> {
  const found: LocalEntry[] = [];
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const entry = await entryOf(path, { path: `${prefix}${name}`, follow: false });
    found.push(entry);
    if (entry.kind === "folder") found.push(...(await inside(path, `${prefix}${name}/`)));
  }
  return found;
}

async function entryOf(from: string, how: { readonly path: string; readonly follow: boolean }): Promise<LocalEntry> {
  const facts = await (how.follow ? stat(from) : lstat(from)).catch((error: unknown) => {
    throw unreadable(from, error);
  });
  const mode = facts.mode & 0o777;
  if (facts.isDirectory()) return { kind: "folder", path: how.path, mode };
  if (facts.isFile()) return { kind: "file", path: how.path, mode, size: facts.size, from };
  if (facts.isSymbolicLink()) return { kind: "link", path: how.path, leadsTo: await readlink(from) };
  throw misused(
    `${quoted(from)} is neither a file nor a folder nor a link. Nothing was copied.`,
    "Leave it out of what is copied.",
  );
}

/** Something on this computer that can't be read: what goes before it in a folder may be copied by then. */
export function unreadable(path: string, error: unknown): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isMissing = code === "ENOENT" || code === "ENOTDIR";
  const why = isMissing ? "is not there" : `can't be read${code === "" ? "" : ` (${code})`}`;
  return new OrbformError("ORB_USAGE", {
    summary: isMissing ? "What is to be copied is not there" : "What is to be copied can't be read",
    detail: `${quoted(path)} ${why} on this computer. It was not copied.`,
    hint: "Look at the path.",
    cause: error,
  });
}
