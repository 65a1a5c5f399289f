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
  /** What Node may read: folders with all that is in them, and files. Absolute. */
  readonly grants: readonly string[];
  /** Why a file is not to be read; `undefined`: it is. */
  readonly refuses: (path: string) => string | undefined;
  /** A place whose line may be shown. */
  readonly placeOf: (place: Place) => Place | undefined;
}

/**
 * What may be read of a checkout: everything but git's own folder (it may hold a token), what is `kept` from it (the state),
 * files that environments are written in, and links that lead out: Node follows those. Error: `ORB_UNTRUSTED_FAILED` where that can't be told to Node.
 */
export function readable(root: string, kept: readonly string[]): Readable {
  const real = realpathSync(root);
  const hidden = new Set([...kept.map(realOf), ...closed(real)]);
  const grants = [...grantsIn(real, hidden)];
  if (grants.length > MOST_GRANTS) throw tooMany(`there are ${grants.length} of them`);
  const isHidden = (path: string): boolean => [...hidden].some((each) => isWithin(each, path));
  const refuses = (path: string): string | undefined => {
    const target = realOf(resolve(real, path));
    if (!isWithin(real, target)) return "it lies outside of the project, which is not trusted";
    if (isHidden(target)) return "it is none that an untrusted stack may read";
    const found = statSync(target, { throwIfNoEntry: false });
    return found !== undefined && !found.isFile() && !found.isDirectory() ? "it is no plain file" : undefined;
  };
  const isShown = ({ file }: Place): boolean =>
    /\.[cm]?[jt]s$/.test(file) && isAbsolute(file) && refuses(file) === undefined;
  return { grants, refuses, placeOf: (place) => (isShown(place) ? place : undefined) };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there, or a link to nothing: reading it fails.
    return path;
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way));
}

/** Names of what is read by nobody. */
const CLOSED = /^(?:\.git|\.orbform|\.ssh|\.env(?:\..*)?|\.envrc|\.netrc|\.npmrc)$/;

/** What is closed in a checkout. Links that lead out are closed wherever they are. */
function* closed(root: string): Iterable<string> {
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const each of readdirSync(folder, { withFileTypes: true })) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw tooMany(`it has more than ${MOST_ENTRIES} files`);
      const path = join(folder, each.name);
      if (CLOSED.test(each.name) || (each.isSymbolicLink() && !isWithin(root, realOf(path)))) yield path;
      else if (each.isDirectory()) folders.push(path);
    }
  }
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
