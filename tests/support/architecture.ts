import { posix } from "node:path";

/** What the files of one room, or one file, may import. */
export interface Room {
  /** Rooms and single files of ours, by how their paths begin; its own room is always allowed. */
  readonly ours: readonly string[];
  /** Packages and `node:` modules. */
  readonly outside: readonly (string | RegExp)[];
}

/** Rooms by how the paths of their files begin; the longest wins. */
export type Rooms = Readonly<Record<string, Room>>;

/** Texts of source files, by path below `src`. */
export type Sources = ReadonlyMap<string, string>;

const IMPORT = /^\s*(?:import|export)\b[^"';]*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

const TYPE_IMPORT = /^\s*(?:import|export)\s+type\b[^"';]*?from\s+"[^"]+"/gm;

/** What a file imports, as it is written: statements, re-exports and `import()`. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Files that no room of the table is for. */
export function homeless(sources: Sources, rooms: Rooms): readonly string[] {
  return [...sources.keys()].filter((file) => keyOf(file, rooms) === undefined);
}

/** Rooms of the table, and packages they may import, that no file stands for: what the table allows in vain. */
export function unusedPermissions(sources: Sources, rooms: Rooms): readonly string[] {
  const unused: string[] = [];
  for (const [key, room] of Object.entries(rooms)) {
    const files = [...sources].filter(([file]) => keyOf(file, rooms) === key);
    const targets = files.flatMap(([file, text]) => importsOf(text).map((target) => located(file, target)));
    if (files.length === 0) unused.push(key);
    for (const each of [...room.ours, ...room.outside]) {
      if (!targets.some((target) => begins(target, each))) unused.push(`${key} -> ${String(each)}`);
    }
  }
  return unused;
}

/** Imports that the table does not allow, as `file -> target`. */
export function forbiddenImports(sources: Sources, rooms: Rooms): readonly string[] {
  return [...sources].flatMap(([file, text]) =>
    importsOf(text)
      .map((target) => located(file, target))
      .filter((target) => !isAllowed(file, target, rooms))
      .map((target) => `${file} -> ${target}`),
  );
}

/**
 * The first ring of imports, its first file at both ends; empty where there is none. Imports of types alone don't count:
 * they are gone at run time, and types of a language are recursive.
 */
export function findRing(sources: Sources): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] => {
    const at = path.indexOf(file);
    if (at !== -1) return [...path.slice(at), file];
    if (done.has(file)) return [];
    path.push(file);
    const text = sources.get(file) ?? "";
    const targets = importsOf(text.replaceAll(TYPE_IMPORT, "")).filter((each) => each.startsWith("."));
    for (const target of targets) {
      const ring = visit(located(file, target));
      if (ring.length > 0) return ring;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of sources.keys()) {
    const ring = visit(file);
    if (ring.length > 0) return ring;
  }
  return [];
}

const IMPURE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bprocess\.|"node:(?!util")|\basync\b|\bawait\b|\bnew Promise\b|\bPromise\.|\bsetTimeout\b|\bsetImmediate\b/;

/** Whether a file's code (comments apart) reaches for time, chance, processes, files, or promises. */
export function isImpure(text: string): boolean {
  return IMPURE.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""));
}

/** Names of a file's own exports that have no doc comment above them. Overloads have one together. */
export function undocumented(text: string): readonly string[] {
  const lines = text.split("\n");
  const documented = new Set<string>();
  const silent: string[] = [];
  for (const [at, line] of lines.entries()) {
    const [, name] = EXPORT.exec(line) ?? [];
    if (name === undefined || documented.has(name)) continue;
    if ((lines[at - 1] ?? "").trimEnd().endsWith("*/")) documented.add(name);
    else silent.push(name);
  }
  return silent;
}

const EXPORT = /^export (?:async )?(?:function|const|class|interface|type) (\w+)/;

/** A file of ours by its path below `src`, anything else as it is written. */
function located(file: string, target: string): string {
  return target.startsWith(".") ? posix.join(posix.dirname(file), target) : target;
}

function keyOf(file: string, rooms: Rooms): string | undefined {
  return Object.keys(rooms)
    .filter((each) => file.startsWith(each))
    .toSorted((a, b) => b.length - a.length)[0];
}

function isAllowed(file: string, target: string, rooms: Rooms): boolean {
  const key = keyOf(file, rooms);
  const room = key === undefined ? undefined : rooms[key];
  if (key === undefined || room === undefined) return true;
  const own = key.endsWith("/") ? key : `${posix.dirname(key)}/`;
  const isOurs = target.endsWith(".ts");
  return (isOurs && target.startsWith(own)) || [...room.ours, ...room.outside].some((each) => begins(target, each));
}

function begins(target: string, allowed: string | RegExp): boolean {
  if (typeof allowed !== "string") return allowed.test(target);
  return allowed.includes("/") && !allowed.startsWith("@") ? target.startsWith(allowed) : target === allowed;
}
