import { realpathSync, statSync, type Stats } from "node:fs";
import { isIn, isWithin, foldersAbove, lowered } from "./within.ts";

/** What was found in a checkout. */
export interface Walked {
  /** What is closed by its name. */
  readonly secret: readonly string[];
  readonly links: readonly string[];
}

/** How often links are judged by what was found of others. A checkout that takes more was made for that: no link counts then. */
const MOST_ROUNDS = 20;

/**
 * Links by which something could be read that is closed, or lies outside. Node is told of links by name, and the system
 * follows them: a link is one more way to all that lies at its target, links there included, so that each that is astray
 * may make others so. And by `LINK/..` the system goes up from the target, where Node's permission model goes up from the
 * link. So the folders above a target hold nothing closed, and it lies as deep as the link at least: then the system is never
 * higher up than Node believes, and where that is the root, every name in it is told by itself.
 */
export function astray({ secret, links }: Walked, root: string): ReadonlySet<string> {
  const found = new Set<string>();
  let left = links.map((link) => ({ link, ...aim(link) }));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const hidden = [...secret, ...found];
    const closed = lowered(hidden);
    const above = lowered(hidden.flatMap((each) => foldersAbove(each, root)));
    const isAstray = ({ link, target, stats }: Aimed & { readonly link: string }): boolean => {
      if (target === undefined || !isWithin(root, target) || isIn(closed, target)) return true;
      if (stats?.isFile() === true) return false;
      if (stats?.isDirectory() !== true || depth(target, root) < depth(link, root)) return true;
      const passed = [target, ...foldersAbove(target, root)].filter((each) => each !== root);
      return passed.some((each) => above.has(each.toLowerCase()));
    };
    const more = left.filter(isAstray);
    if (more.length === 0) return found;
    for (const { link } of more) found.add(link);
    left = left.filter(({ link }) => !found.has(link));
  }
  return new Set(links);
}

/** What a link leads to; nothing where that isn't there, or can't be told: by the time it is read it may be. */
interface Aimed {
  readonly target?: string;
  readonly stats?: Stats;
}

function aim(link: string): Aimed {
  try {
    const target = realpathSync.native(link);
    return { target, stats: statSync(target) };
  } catch {
    return {};
  }
}

function depth(path: string, root: string): number {
  return path === root ? 0 : foldersAbove(path, root).length;
}
