import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { OrbformError } from "../../model/errors.ts";
import type { Place } from "../../model/place.ts";
import { astray, type Walked } from "./astray.ts";
import { foldersAbove, isIn, isWithin, lowered } from "./within.ts";

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
 * files that secrets are written in, what can't be told to Node by its name, and links by which any of these or something
 * outside could be read ({@link astray}). Error: `ORB_UNTRUSTED_FAILED` where all that takes too many words.
 */
export function readable(root: string, kept: readonly string[]): Readable {
  const real = realpathSync.native(root);
  if (real.includes("*")) throw tooMany("its own path has a * in it");
  const { secret, links } = walk(real, kept.map(realOf));
  const hidden = new Set([...secret, ...astray({ secret, links }, real)]);
  const closed = lowered(hidden);
  const grants = grantsIn(real, hidden);
  const refuses = (path: string): string | undefined => {
    const target = realOf(resolve(real, path));
    if (!isWithin(real, target)) return "it lies outside of the project, which is not trusted";
    if (isIn(closed, target)) return "it is none that an untrusted stack may read";
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

/** Names of what is read by nobody. */
const SECRET = new RegExp(
  String.raw`^(?:\.(?:git|git-credentials|orbform|ssh|gnupg|env(?:\..*)?|envrc|netrc|npmrc|pypirc|yarnrc\.yml)` +
    String.raw`|\.(?:aws|azure|docker|kube|gcloud)|id_(?:rsa|dsa|ecdsa|ed25519)|gha-creds-.*\.json)$`,
  "i",
);

/**
 * Names that Node can't be told of as they are: in what it is told, a * stands for anything, and a name that is no UTF-8
 * has come to us with other characters than the disk has.
 */
const UNTOLD = /[*\ufffd]/;

/** Finds what is closed in a checkout by its name, and all links. */
function walk(root: string, kept: readonly string[]): Walked {
  const found = { secret: kept.filter((each) => isWithin(root, each)), links: new Array<string>() };
  const hide = (path: string): void => void found.secret.push(path);
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const each of entriesOf(folder, hide)) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw tooMany(`it has more than ${MOST_ENTRIES} files`);
      const path = join(folder, each.name);
      if (SECRET.test(each.name) || UNTOLD.test(each.name)) hide(path);
      else if (each.isSymbolicLink()) found.links.push(path);
      else if (each.isDirectory()) folders.push(path);
    }
  }
  return found;
}

/** What is in a folder; one that this user may not read is closed as well. */
function entriesOf(folder: string, hide: (path: string) => void): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    hide(folder);
    return [];
  }
}

/** As few paths as tell everything below a folder but what is hidden. */
function grantsIn(root: string, hidden: ReadonlySet<string>): readonly string[] {
  if (hidden.has(root)) return [];
  const above = new Set([...hidden].flatMap((each) => foldersAbove(each, root)));
  const grants: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const isWhole = !above.has(folder);
    const inside = isWhole
      ? []
      : readdirSync(folder, { withFileTypes: true }).map((each) => ({ each, path: join(folder, each.name) }));
    const seen = inside.filter(({ path }) => !hidden.has(path));
    folders.push(...seen.flatMap(({ each, path }) => (each.isDirectory() ? path : [])));
    grants.push(...(isWhole ? [folder] : seen.flatMap(({ each, path }) => (each.isDirectory() ? [] : path))));
    if (grants.length > MOST_GRANTS) throw tooMany(`there are more than ${MOST_GRANTS} of them`);
  }
  return grants.toSorted();
}

function tooMany(why: string): OrbformError {
  return new OrbformError("ORB_UNTRUSTED_FAILED", {
    summary: "This checkout can't be closed off",
    detail: `What an untrusted stack may read of it takes more paths than Node is told: ${why}. Nothing of it was run, and no machine was looked at.`,
    hint: "Check out less, or remove links that lead out of the checkout.",
  });
}
