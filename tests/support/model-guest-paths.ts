/** How a model of the inside of a machine changes files and directories. */
import { changeDirectory, removeDirectory } from "../../src/guest/directory.ts";
import { removeFile, settleFile, writeFile } from "../../src/guest/file.ts";
import { folderOf } from "../../src/guest/words.ts";
import type { DirectoryWish, FileWish, PathRights } from "../../src/model/inside.ts";
import type { Step } from "./model-guest-changes.ts";
import { sha256 } from "./model-guest-facts.ts";
import { variable } from "./model-guest-script.ts";
import type { Inside, ModelPath } from "./model-guest.ts";

/** The steps of a script that changes a file; `undefined` where it is none. */
export function fileSteps(inside: Inside, body: string, stdin: string): readonly Step[] | undefined {
  const [digest = ""] = stdin.split("\n", 1);
  const wish: FileWish = { type: "file", path: variable(body, "path"), digest, ...rightsAsked(body) };
  if (wish.path === "") return undefined;
  if (body === writeFile(wish)) return [() => write(inside, wish, stdin.slice(digest.length + 1))];
  if (body === settleFile(wish)) return [() => settle(inside, wish)];
  if (body === removeFile(wish)) return [() => unlink(inside, wish)];
  return undefined;
}

/** The steps of a script that changes a directory; `undefined` where it is none. */
export function directorySteps(inside: Inside, body: string): readonly Step[] | undefined {
  const [folder, name] = [variable(body, "folder"), variable(body, "name")];
  if (folder === "" || name === "") return undefined;
  const path = `${folder === "/" ? "" : folder}/${name}`;
  const wish: DirectoryWish = { type: "directory", path, ...rightsAsked(body) };
  if (body === changeDirectory(wish)) return [() => makeDirectory(inside, wish)];
  if (body === removeDirectory(path)) return [() => removeFolder(inside, path)];
  return undefined;
}

function rightsAsked(body: string): PathRights {
  const [mode, owner, group] = [variable(body, "mode"), variable(body, "owner"), variable(body, "group")];
  return {
    ...(mode !== "" && { mode: Number.parseInt(mode, 8) }),
    ...(owner !== "" && { owner }),
    ...(group !== "" && { group }),
  };
}

/** What stands there with the rights that are asked for. Groups are no part of a model. */
function withRights<T extends ModelPath>(path: T, { mode = path.mode, owner = path.owner }: PathRights): T {
  return { ...path, mode, owner };
}

/** Puts it there, and says whether anything else stood there. */
function put({ paths }: Inside, at: string, path: ModelPath): string | undefined {
  if (JSON.stringify(paths[at]) === JSON.stringify(path)) return undefined;
  paths[at] = path;
  return "changed";
}

function isFolder({ paths }: Inside, path: string): boolean {
  return paths[path]?.kind === "directory";
}

function isWanted({ paths }: Inside, { path, digest }: FileWish): boolean {
  const found = paths[path];
  return found?.kind === "file" && sha256(found.text) === digest;
}

function write(inside: Inside, wish: FileWish, text: string): string | undefined {
  if (!isFolder(inside, folderOf(wish.path))) return "refused-no-folder";
  if (isFolder(inside, wish.path)) return "refused-is-directory";
  if (isWanted(inside, wish)) return settle(inside, wish);
  if (sha256(text) !== wish.digest) return "refused-cut-off";
  const before = { mode: 0o644, owner: "root", ...inside.paths[wish.path] };
  return put(inside, wish.path, withRights({ ...before, kind: "file", text }, wish));
}

function settle(inside: Inside, wish: FileWish): string | undefined {
  const before = inside.paths[wish.path];
  if (before === undefined || !isWanted(inside, wish)) return "refused-differs";
  return put(inside, wish.path, withRights(before, wish));
}

function unlink(inside: Inside, wish: FileWish): string | undefined {
  if (inside.paths[wish.path] === undefined) return undefined;
  if (!isWanted(inside, wish)) return "refused-differs";
  delete inside.paths[wish.path];
  return "changed";
}

function makeDirectory(inside: Inside, wish: DirectoryWish): string | undefined {
  if (!isFolder(inside, folderOf(wish.path))) return "refused-no-folder";
  const before = inside.paths[wish.path] ?? { kind: "directory", mode: 0o755, owner: "root" };
  if (before.kind !== "directory") return "refused-not-directory";
  return put(inside, wish.path, withRights(before, wish));
}

function removeFolder(inside: Inside, path: string): string | undefined {
  const { paths } = inside;
  if (paths[path] === undefined) return undefined;
  if (!isFolder(inside, path)) return "refused-differs";
  if (Object.keys(paths).some((each) => each.startsWith(`${path}/`))) return "refused-not-empty";
  delete paths[path];
  return "changed";
}
