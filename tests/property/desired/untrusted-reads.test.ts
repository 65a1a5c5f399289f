import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readable } from "../../../src/desired/untrusted/readable.ts";

const work = realpathSync(mkdtempSync(join(tmpdir(), "orbform-reads-")));
afterAll(() => rmSync(work, { recursive: true }));

const ROOT = join(work, "up/project");
const names = fc.constantFrom("a", "b");
const folder = fc.array(names, { maxLength: 3 }).map((each) => each.join("/"));
const leaf = fc.constantFrom("text", ".env", ".git", "id_rsa", "with *");
const link = fc.record({
  from: fc.tuple(folder, fc.constantFrom("l", "m")).map((each) => each.join("/")),
  to: fc.oneof(
    fc.array(fc.constantFrom("..", "a", "b", "l", "m"), { minLength: 1, maxLength: 4 }).map((each) => each.join("/")),
    fc.constantFrom("/", work, join(work, "secret"), "../../secret", ".", ".env", "text"),
  ),
});
/** Words that follow one of the links or folders. */
const asked = fc.tuple(
  fc.nat(),
  fc.array(fc.constantFrom("..", "..", "a", "b", "l", "m", "text", ".env", ".git/config", "secret/key"), {
    maxLength: 5,
  }),
);

/** Lays out a checkout beside a secret; what can't be made, for something else stands there, is left out. */
function layOut(folders: readonly string[], leaves: readonly string[], links: readonly { from: string; to: string }[]) {
  rmSync(join(work, "up"), { recursive: true, force: true });
  mkdirSync(join(work, "secret"), { recursive: true });
  for (const each of ["", ...folders]) mkdirSync(join(ROOT, each), { recursive: true });
  writeFileSync(join(work, "secret/key"), "");
  for (const each of leaves) attempt(() => writeFileSync(join(ROOT, each), ""));
  for (const { from, to } of links) attempt(() => symlinkSync(to, join(ROOT, from)));
}

function attempt(make: () => void): void {
  try {
    make();
  } catch {
    // The next one.
  }
}

/** Whether Node's permission model lets a path be read: it judges names, and knows nothing of links. */
function isGranted(path: string, grants: readonly string[]): boolean {
  const named = normalize(path);
  return grants.some((each) => named === each || (isFolder(each) && named.startsWith(each === "/" ? "/" : `${each}/`)));
}

function isFolder(path: string): boolean {
  const target = found(path);
  return target !== undefined && statSync(target).isDirectory();
}

/** Where the system finds it. */
function found(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

test("whatever links a checkout has, no name that may be read leads out of it, or to what is closed", () => {
  let reached = 0;
  fc.assert(
    fc.property(
      fc.array(folder, { maxLength: 6 }),
      fc.array(
        fc.tuple(folder, leaf).map((each) => each.join("/")),
        { maxLength: 5 },
      ),
      fc.array(link, { maxLength: 4 }),
      fc.array(asked, { minLength: 60, maxLength: 60 }),
      (folders, leaves, links, paths) => {
        layOut(folders, leaves, links);
        const { grants } = readable(ROOT, []);
        const starts = ["", ...folders, ...links.map(({ from }) => from), ...links.map(({ from }) => from)];
        const read = paths
          // Not joined: that would do away with what it is about.
          .map(([which, words]) => [ROOT, starts[which % starts.length], ...words].join("/"))
          .filter((path) => isGranted(path, grants))
          .flatMap((path) => found(path) ?? []);
        reached += read.length;
        expect(
          read.filter((each) => !`${each}/`.startsWith(`${ROOT}/`) || /\/(?:\.env|\.git|id_rsa)(?:\/|$)/.test(each)),
        ).toEqual([]);
      },
    ),
    { numRuns: 1500 },
  );
  expect(reached).toBeGreaterThan(3000);
});
