import { createHash } from "node:crypto";
import type { ArchiveFacts, MadeArchive } from "../model/archive.ts";
import type { Clock } from "../model/clock.ts";
import { archivePath } from "../model/archive.ts";
import { archiveFile, archiveStem } from "./archive-name.ts";
import type { Archives } from "./archives.ts";
import { safeName } from "./find-machine.ts";
import { retain } from "./retention.ts";

/** What archives in memory are made from. */
export interface MemoryArchivesParts {
  readonly clock: Clock;
  /** What orbctl wrote to a path. */
  readonly read: (path: string) => Uint8Array;
}

/** Archives that were made, by their paths, with their marks. */
export type Kept = Map<string, MadeArchive & { readonly series: string }>;

/** Archives without a disk: orbctl writes them, and what it wrote is believed. `kept` is what there is, to be changed at will. */
export function memoryArchives({ clock, read }: MemoryArchivesParts, kept: Kept = new Map()): Archives {
  return {
    look: (asked) => Promise.resolve(asked.map((each) => factsOf(kept.get(archivePath(each)), each.verify))),
    export: async ({ dir, series, machine, driver, options }) => {
      const createdAt = new Date(clock.now()).toISOString();
      const file = freeFile(kept, { dir, name: machine.name, at: clock.now() });
      const path = archivePath({ dir, file });
      await driver.perform({ verb: "export", name: safeName(machine.name), path: `/archives/${path}` }, options);
      const bytes = read(`/archives/${path}`);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const made = {
        machine: machine.id,
        name: machine.name,
        dir,
        file,
        sha256,
        sizeBytes: bytes.length,
        createdAt,
        madeBy: "orbform in memory",
      };
      kept.set(path, { ...made, series });
      return { made, reading: { status: "unreadable", why: "it is in memory" } };
    },
    remove: ({ dir, series, keep, newest }) => {
      const own = [...kept.values()].filter((each) => each.dir === dir && each.series === series);
      const archives = own.map((each) => ({ ...each, machine: each.name, at: Date.parse(each.createdAt) }));
      const stays = keep === undefined ? [] : retain({ archives, policy: keep, sound: newest });
      const doomed = own.filter(({ file }) => !stays.some((each) => each.file === file && each.keep.length > 0));
      for (const each of doomed) kept.delete(archivePath(each));
      return Promise.resolve({ removed: doomed.map(({ file }) => file), left: [] });
    },
  };
}

function factsOf(found: MadeArchive | undefined, verify: boolean): ArchiveFacts {
  if (found === undefined) return { status: "missing", folder: true };
  const { sizeBytes, sha256 } = found;
  return { status: "found", sizeBytes, recorded: sha256, ...(verify && { sha256 }) };
}

function freeFile(kept: Kept, { dir, name, at }: { readonly dir: string; readonly name: string; readonly at: number }) {
  for (let time = at; ; time += 1000) {
    const file = archiveFile(archiveStem(name, time));
    if (!kept.has(archivePath({ dir, file }))) return file;
  }
}
