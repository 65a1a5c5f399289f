import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { OrbformError } from "../../model/errors.ts";
import type { Place } from "../../model/place.ts";

/** How many paths Node is told that it may read; more would not fit into its arguments. */
const MOST_GRANTS = 2000;

/** How many files and folders of a checkout are looked at. */
const MOST_ENTRIES = 400_000;

/** What of a checkout may be read for an untrusted stack. */
export interface Readable {
  /** A path as the disk has it: Node is told of those. */
  readonly real: (path: string) => string;
  /** What Node may read: folders with all that is in them, and files. Absolute. */
  readonly grants: readonly string[];
  /** Why a file is not to be read; `undefined`: it is. */
  readonly refuses: (path: string) => string | undefined;
  /** A place whose line may be shown. */
  readonly placeOf: (place: Place) => Place | undefined;
}

/**
 * What may be read of a checkout: everything but git's own folder (it may hold a token), what is `kept` from it (the state),
 * files that secrets are written in, and links that lead to any of these or out of it, since Node follows them. Error:
 * `ORB_UNTRUSTED_FAILED` where that can't be told to Node.
 */
export function readable(root: string, kept: readonly string[]): Readable {
  const real = realpathSync.native(root);
  if (real.includes("*")) throw tooMany("its own path has a * in it");
  const { secret, links } = walk(real, kept.map(realOf));
  const hidden = new Set([...secret, ...links.filter((link) => leadsAstray(realOf(link), real, secret))]);
  const grants = [...grantsIn(real, hidden)];
  if (grants.length > MOST_GRANTS) throw tooMany(`there are ${grants.length} of them`);
  const refuses = (path: string): string | undefined => {
    const target = realOf(resolve(real, path));
    if (!isWithin(real, target)) return "it lies outside of the project, which is not trusted";
    // On a Mac, .GIT is .git.
    if (isIn(hidden, target)) return "it is none that an untrusted stack may read";
    const found = statSync(target, { throwIfNoEntry: false });
    return found !== undefined && !found.isFile() && !found.isDirectory() ? "it is no plain file" : undefined;
  };
  const isShown = ({ file }: Place): boolean =>
    /\.[cm]?[jt]s$/.test(file) && isAbsolute(file) && refuses(file) === undefined;
  return { real: realOf, grants, refuses, placeOf: (place) => (isShown(place) ? place : undefined) };
}

/** As the disk writes it. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // Not there, or a link to nothing: reading it fails.
    return path;
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way));
}

function isIn(folders: Iterable<string>, path: string): boolean {
  return [...folders].some((each) => isWithin(each.toLowerCase(), path.toLowerCase()));
}

/** Whether a link's target is outside, closed, or has something closed below it. */
function leadsAstray(target: string, root: string, closed: readonly string[]): boolean {
  return !isWithin(root, target) || isIn(closed, target) || closed.some((each) => isWithin(target, each));
}

/** Names of what is read by nobody. */
const SECRET = /^(?:\.git|\.orbform|\.ssh|\.env(?:\..*)?|\.envrc|\.netrc|\.npmrc)$/i;

interface Walked {
  readonly secret: readonly string[];
  readonly links: readonly string[];
}

/** Finds what is closed in a checkout by its name, and all links. */
function walk(root: string, kept: readonly string[]): Walked {
  const found = { secret: kept.filter((each) => isWithin(root, each)), links: new Array<string>() };
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const each of readdirSync(folder, { withFileTypes: true })) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw tooMany(`it has more than ${MOST_ENTRIES} files`);
      const path = join(folder, each.name);
      // In what Node is told, a * stands for anything.
      if (SECRET.test(each.name) || each.name.includes("*")) found.secret.push(path);
      else if (each.isSymbolicLink()) found.links.push(path);
      else if (each.isDirectory()) folders.push(path);
    }
  }
  return found;
}

/** As few paths as tell everything below a folder but what is hidden. */
function* grantsIn(folder: string, hidden: ReadonlySet<string>): Iterable<string> {
  if (hidden.has(folder)) return;
  if (![...hidden].some((each) => isWithin(folder, each))) {
    yield folder;
    return;
  }
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isDirectory()) yield* grantsIn(path, hidden);
    else if (!hidden.has(path)) yield path;
  }
}

function tooMany(why: string): OrbformError {
  return new OrbformError("ORB_UNTRUSTED_FAILED", {
    summary: "This checkout can't be closed off",
    detail: `What an untrusted stack may read of it takes more paths than Node is told: ${why}. Nothing of it was run, and no machine was looked at.`,
    hint: "Check out less, or remove links that lead out of the checkout.",
  });
}
