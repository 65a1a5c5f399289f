import { dirname, isAbsolute, relative } from "node:path";

/** Whether a path is a folder, or lies in it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way));
}

/** Whether a path is one of these, given in lower case, or lies in one. On a Mac, .GIT is .git. */
export function isIn(closed: ReadonlySet<string>, path: string): boolean {
  let folder = path.toLowerCase();
  while (!closed.has(folder)) {
    const above = dirname(folder);
    if (above === folder) return false;
    folder = above;
  }
  return true;
}

/** Paths in lower case. */
export function lowered(paths: Iterable<string>): ReadonlySet<string> {
  return new Set([...paths].map((each) => each.toLowerCase()));
}

/** The folders that something lies in, up to a root that it lies below. */
export function foldersAbove(path: string, root: string): readonly string[] {
  const above: string[] = [];
  for (let folder = dirname(path); isWithin(root, folder); folder = dirname(folder)) {
    above.push(folder);
    if (folder === root) break;
  }
  return above;
}
