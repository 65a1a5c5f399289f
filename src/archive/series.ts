/** Archives of one resource: they have its mark in their metadata. Nothing else in their folder is touched. */
import { join } from "node:path";
import type { RetentionPolicy, Stored } from "../model/archive.ts";
import { isOrbformError } from "../model/errors.ts";
import type { Removal, SeriesRemoval } from "./archives.ts";
import { fileDigest, plainFileSize } from "./big-files.ts";
import { unreadable } from "./errors.ts";
import { readFolder } from "./folder.ts";
import type { WorkPorts } from "./ports.ts";
import { removeBoth, removeOrphan } from "./prune.ts";
import { retain } from "./retention.ts";
import { sweepLeft } from "./work.ts";

type Member = Extract<Stored, { readonly metadata: unknown }>;

/** Removes what a policy does not keep of a series, or all of it. `folder` is absolute. */
export async function removeSeries(
  ports: WorkPorts,
  folder: string,
  { series, keep, newest }: Pick<SeriesRemoval, "series" | "keep" | "newest">,
): Promise<Removal> {
  const members = (await storedIn(ports, folder)).filter(isMarked).filter((each) => each.metadata.series === series);
  const whole = members.filter(({ kind }) => kind === "archive");
  const kept = keep === undefined ? new Set([newest]) : keptOf(whole, { keep, newest });
  const removed: string[] = [];
  const left: { file: string; why: string }[] = [];
  for (const each of members) {
    if (kept.has(each.file) || (keep !== undefined && each.kind === "wrong size")) continue;
    const why = await whyLeft(folder, each);
    if (why !== undefined) left.push({ file: each.file, why });
    else if (each.kind === "no archive") await removeOrphan(ports, folder, each.file);
    else {
      await removeBoth(ports, folder, each.file);
      removed.push(each.file);
    }
  }
  return { removed, left };
}

/** A folder that is not there holds nothing of anybody. */
async function storedIn(ports: WorkPorts, folder: string): Promise<readonly Stored[]> {
  try {
    const { stored } = await readFolder(ports, folder);
    await sweepLeft(ports, folder);
    return stored;
  } catch (error) {
    if (isOrbformError(error) && error.code === "ORB_ARCHIVE_NOT_FOUND") return [];
    throw error;
  }
}

function isMarked(stored: Stored): stored is Member {
  return stored.kind !== "no metadata";
}

/** Those that a policy keeps, whatever names their machine had. */
function keptOf(
  members: readonly Member[],
  { keep: policy, newest }: { readonly keep: RetentionPolicy; readonly newest: string | undefined },
): ReadonlySet<string | undefined> {
  const archives = members.map(({ file, metadata }) => ({
    file,
    machine: metadata.machine.name,
    sizeBytes: metadata.sizeBytes,
    at: Date.parse(metadata.createdAt),
  }));
  const judged = retain({ archives, policy, sound: newest });
  return new Set([newest, ...judged.filter(({ keep }) => keep.length > 0).map(({ file }) => file)]);
}

/** Why a file is not provably what was exported. */
async function whyLeft(folder: string, stored: Member): Promise<string | undefined> {
  if (stored.kind === "no archive") return undefined;
  const { file, metadata } = stored;
  const path = join(folder, file);
  try {
    const size = await plainFileSize(path);
    if (size === undefined) return "it is a link, or no file";
    if (size !== metadata.sizeBytes) return `it has ${size} bytes instead of ${metadata.sizeBytes}`;
    return (await fileDigest(path)) === metadata.sha256 ? undefined : "its digest is not the one on record";
  } catch (error) {
    throw unreadable(error, path);
  }
}
