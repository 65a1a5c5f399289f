import { constants } from "node:fs";
import { basename, dirname } from "node:path";
import type { FileSystem, OpenFile } from "../../src/state/file-system.ts";
import type { SmallFiles } from "../../src/state/disk.ts";
import type { Life } from "./life.ts";
import type { PowerFiles } from "./power-files.ts";

/** The file system as one life of Orbform sees it: each call is a step at which it can fail, be slow, or be the last. */
export function filesOf(life: Life, files: PowerFiles, failing: (what: string) => boolean): FileSystem {
  const parts: Parts = { life, files, failing };
  return {
    open: (path, flags) => open(parts, path, flags),
    readFile: (path) =>
      life.step({
        what: `read ${short(path)}`,
        act: () => {
          if (failing("read")) raise("EIO", path);
          return files.text(path) ?? raise("ENOENT", path);
        },
      }),
    readdir: (path) =>
      life.step({
        what: `list ${short(path)}`,
        act: () => (files.isFolder(path) ? [...files.names(path)] : raise("ENOENT", path)),
      }),
    mkdir: (path) => life.step({ what: `make ${short(path)}`, act: () => makeFolder(files, path) }),
    realpath: (path) =>
      life.step({ what: `resolve ${short(path)}`, act: () => (files.has(path) ? path : raise("ENOENT", path)) }),
    stat: (path) =>
      life.step({
        what: `stat ${short(path)}`,
        act: () => (files.has(path) ? { mode: 0o600 } : raise("ENOENT", path)),
      }),
    link: (existing, path) =>
      change(parts, `link ${short(path)}`, () => {
        if (files.has(path)) raise("EEXIST", path);
        files.link(existing, path);
      }),
    rename: (from, to) => change(parts, `rename to ${short(to)}`, () => files.rename(from, to)),
    unlink: (path) =>
      life.step({
        what: `remove ${short(path)}`,
        act: () => {
          if (!files.has(path)) raise("ENOENT", path);
          files.unlink(path);
        },
      }),
  };
}

/** Small files, read at once and never synced. */
export function smallFilesOf(life: Life, files: PowerFiles): SmallFiles {
  return {
    read: (paths) => paths.map((path) => files.text(path)),
    replace: (path, text) =>
      life.step({
        what: `write ${short(path)}`,
        act: () => overwrite(files, path, text),
        half: () => overwrite(files, path, text.slice(0, life.chance.below(text.length))),
      }),
  };
}

interface Parts {
  readonly life: Life;
  readonly files: PowerFiles;
  readonly failing: (what: string) => boolean;
}

async function open(parts: Parts, path: string, flags: string | number): Promise<OpenFile> {
  const { life, files } = parts;
  if (flags === "r" && files.isFolder(path)) return folder(parts, path);
  await life.step({
    what: `open ${short(path)}`,
    act: () => {
      if (!files.isFolder(dirname(path))) raise("ENOENT", path);
      if (flags === "wx" && files.has(path)) raise("EEXIST", path);
      if (files.has(path)) return;
      if (flags === "wx" || (typeof flags === "number" && (flags & constants.O_CREAT) !== 0)) files.create(path);
      else raise("ENOENT", path);
    },
  });
  return file(parts, path);
}

function file(parts: Parts, path: string): OpenFile {
  const { life, files } = parts;
  const append = (text: string): void => files.append(path, text);
  const write = async (text: string): Promise<void> => {
    await change(
      parts,
      `write ${short(path)}`,
      () => append(text),
      () => append(text.slice(0, life.chance.below(text.length))),
    );
  };
  const sync = (): Promise<void> => change(parts, `sync ${short(path)}`, () => files.sync(path));
  return {
    write: async (bytes, offset) => {
      await write(Buffer.from(bytes.subarray(offset)).toString());
      return { bytesWritten: bytes.length - offset };
    },
    writeFile: write,
    sync,
    datasync: sync,
    truncate: (size) =>
      life.step({
        what: `cut off ${short(path)}`,
        act: () =>
          files.write(
            path,
            Buffer.from(files.text(path) ?? "")
              .subarray(0, size)
              .toString(),
          ),
      }),
    stat: () =>
      life.step({ what: `size ${short(path)}`, act: () => ({ size: Buffer.byteLength(files.text(path) ?? "") }) }),
    close: async () => undefined,
  };
}

function folder(parts: Parts, path: string): OpenFile {
  const refuse = (): never => raise("EISDIR", path);
  return {
    write: refuse,
    writeFile: refuse,
    truncate: refuse,
    stat: refuse,
    sync: () => change(parts, `sync ${short(path)}`, () => parts.files.sync(path)),
    datasync: refuse,
    close: async () => undefined,
  };
}

/** A change, which a full or failing disk may refuse. */
async function change({ life, failing }: Parts, what: string, act: () => void, half?: () => void): Promise<void> {
  await life.step({
    what,
    act: () => {
      if (failing(what)) raise(life.chance.pick(["ENOSPC", "EIO"]), what);
      act();
    },
    ...(half && { half }),
  });
}

function makeFolder(files: PowerFiles, path: string): string | undefined {
  let first: string | undefined;
  const missing: string[] = [];
  for (let each = path; !files.isFolder(each) && each !== "/"; each = dirname(each)) missing.push(each);
  for (const each of missing.toReversed()) {
    files.makeFolder(each);
    first ??= each;
  }
  return first;
}

function overwrite(files: PowerFiles, path: string, text: string): void {
  if (!files.has(path)) files.create(path);
  files.write(path, text);
}

/** A path as traces show it: temporary names are different in every run. */
function short(path: string): string {
  return basename(path).replace(/\.\d+-[0-9a-f]{12}\.tmp$/, ".tmp");
}

function raise(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code, path });
}
