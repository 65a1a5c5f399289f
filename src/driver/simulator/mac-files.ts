import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { MacFiles, TreeEntry } from "./host.ts";

/** The files of the computer that `orbctl-sim` runs on, in the part of the Mac. */
export function macFiles(): MacFiles {
  return {
    read: (path) => readFileSync(path),
    write: (path, content) => {
      writeFileSync(path, content);
    },
    readTree,
    writeTree,
    resolve: (path) => resolve(path),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  };
}

function readTree(root: string): readonly TreeEntry[] | undefined {
  if (!lstatSync(root, { throwIfNoEntry: false })) return undefined;
  const entries: TreeEntry[] = [];
  const waiting = [""];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const entry = readEntry(root, path);
    entries.push(entry);
    const below = path;
    if (entry.kind !== "directory") continue;
    waiting.push(...readdirSync(join(root, path)).map((name) => (below === "" ? name : `${below}/${name}`)));
  }
  return entries;
}

function readEntry(root: string, path: string): TreeEntry {
  const whole = join(root, path);
  const stat = path === "" ? statSync(whole) : lstatSync(whole);
  const mode = stat.mode & 0o7777;
  if (stat.isDirectory()) return { path, kind: "directory", mode, content: new Uint8Array() };
  if (stat.isSymbolicLink()) return { path, kind: "symlink", mode, content: Buffer.from(readlinkSync(whole)) };
  return { path, kind: "file", mode, content: readFileSync(whole) };
}

function writeTree(root: string, entries: readonly TreeEntry[]): void {
  for (const { path, kind, mode, content } of entries) {
    const whole = join(root, path);
    mkdirSync(kind === "directory" ? whole : dirname(whole), { recursive: true });
    if (kind === "file") writeFileSync(whole, content, { mode });
    if (kind === "symlink") symlinkSync(Buffer.from(content).toString("utf8"), whole);
  }
}

/** The same where what is written stays in memory; `text` has what else only memory has. */
export function overlaidFiles(text: (path: string) => string | undefined): MacFiles {
  const real = macFiles();
  const written = new Map<string, Uint8Array>();
  return {
    ...real,
    read: (path) => {
      const known = text(path);
      return known === undefined ? (written.get(path) ?? real.read(path)) : Buffer.from(known);
    },
    write: (path, content) => void written.set(path, content),
    writeTree: (root, entries) => {
      for (const { path, kind, content } of entries) if (kind === "file") written.set(`${root}/${path}`, content);
    },
  };
}
