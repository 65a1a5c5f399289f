import { join } from "node:path";
import type { Retention, RetentionPolicy, Stored } from "../model/archive.ts";
import { nameKey } from "../model/machine.ts";
import { archiveFile, sidecarFile, stemOf, workFolder } from "./archive-name.ts";
import { fileSize } from "./big-files.ts";
import { unwritable } from "./errors.ts";
import { readFolder } from "./folder.ts";
import type { WorkPorts } from "./ports.ts";
import { newestFirst, retain, type Datable } from "./retention.ts";
import { verifyStored } from "./verify.ts";

/** Which archives are judged, and by what. */
export interface PruneRequest {
  readonly folder: string;
  /** Only those of this machine; absent: of each, for itself. */
  readonly machine?: string;
  readonly policy: RetentionPolicy;
  readonly signal: AbortSignal;
}

/** What rotation would do. */
export interface PrunePlan {
  /** By machine, newest first. */
  readonly judged: readonly Retention[];
  /** Metadata whose archive is gone. */
  readonly orphans: readonly string[];
  /** Archives that aren't ours to remove, with why. */
  readonly foreign: readonly { readonly file: string; readonly why: string }[];
  /** Machines of which no archive is sound: all of theirs are kept. */
  readonly unsound: readonly string[];
}

type Ours = Extract<Stored, { readonly kind: "archive" | "wrong size" }> & Datable;

/** Decides what to remove. Removes nothing. Errors: those of {@link readFolder}, `ORB_ARCHIVE_UNREADABLE`. */
export async function planPrune(ports: WorkPorts, request: PruneRequest): Promise<PrunePlan> {
  const { folder, machine } = request;
  const { stored } = await readFolder(ports, folder);
  const judged: Retention[] = [];
  const unsound: string[] = [];
  for (const archives of byMachine(stored.flatMap(oursOnly), machine)) {
    const whole = archives.filter(({ kind }) => kind === "archive");
    const sound = await newestSound(request, whole);
    if (sound === undefined) unsound.push(archives[0]?.machine ?? "");
    judged.push(...withAll(archives, retain({ archives: whole, policy: request.policy, sound })));
  }
  const isMeant = (name: string): boolean => machine === undefined || nameKey(machine) === nameKey(name);
  return {
    judged,
    unsound,
    orphans: stored.flatMap((each) =>
      each.kind === "no archive" && isMeant(each.metadata.machine.name) ? [each.file] : [],
    ),
    foreign: stored.flatMap((each) => (each.kind === "no metadata" ? [{ file: each.file, why: each.why }] : [])),
  };
}

/** Removes what was decided; gives the names of what is gone. Errors: `ORB_ARCHIVE_UNWRITABLE`. */
export async function carryOutPrune(ports: WorkPorts, folder: string, plan: PrunePlan): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { file, keep } of plan.judged) {
    if (keep.length > 0) continue;
    await removeBoth(ports, folder, file);
    gone.push(file);
  }
  for (const file of plan.orphans) await removeOrphan(ports, folder, file);
  return gone;
}

/** Removes an archive and its metadata; the archive first: a crash in between leaves metadata alone, which nobody takes for a backup. */
export async function removeBoth({ disk }: WorkPorts, folder: string, file: string): Promise<void> {
  const sidecar = sidecarFile(stemOf(file) ?? "");
  try {
    await disk.remove(join(folder, file));
    await disk.remove(join(folder, sidecar));
  } catch (error) {
    throw unwritable(error, join(folder, file));
  }
}

/** Removes metadata without an archive. It comes into place just before its archive: whoever is about to do that has the machine's folder. */
export async function removeOrphan({ disk }: WorkPorts, folder: string, file: string): Promise<void> {
  const stem = stemOf(file) ?? "";
  const machine = stem.slice(0, stem.lastIndexOf("-"));
  const isUnderWay = (await disk.list(folder)).includes(workFolder(machine));
  if (isUnderWay || (await fileSize(join(folder, archiveFile(stem)))) !== undefined) return;
  await disk.remove(join(folder, sidecarFile(stem))).catch((error: unknown) => {
    throw unwritable(error, join(folder, file));
  });
}

function oursOnly(stored: Stored): readonly Ours[] {
  if (stored.kind !== "archive" && stored.kind !== "wrong size") return [];
  const { metadata } = stored;
  return [{ ...stored, machine: metadata.machine.name, at: Date.parse(metadata.createdAt) }];
}

function byMachine(archives: readonly Ours[], only: string | undefined): readonly (readonly Ours[])[] {
  const groups = new Map<string, Ours[]>();
  for (const each of archives) {
    const name = nameKey(each.machine);
    // Several computers may share a folder, and have machines of one name.
    const key = `${each.metadata.host ?? ""} ${name}`;
    if (only === undefined || nameKey(only) === name) groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** Judges those of a wrong size, too: they count for no rule, or they would stand for sound ones, and nobody's rule removes them. */
function withAll(archives: readonly Ours[], whole: readonly Retention[]): readonly Retention[] {
  const judged = new Map(whole.map((each) => [each.file, each]));
  return newestFirst(archives).map(
    ({ file, machine, sizeBytes }) => judged.get(file) ?? { file, machine, sizeBytes, keep: ["wrong size"] },
  );
}

/** The newest archive that is sound now. Where the policy keeps all of them, nothing hangs on it, and none is read. */
async function newestSound(
  { folder, policy, signal }: PruneRequest,
  archives: readonly Ours[],
): Promise<string | undefined> {
  const sorted = newestFirst(archives);
  const newest = sorted[0]?.file;
  const keepsAll = retain({ archives, policy, sound: newest }).every((each) => each.keep.length > 0);
  if (keepsAll) return newest;
  for (const each of sorted) {
    const { verdict } = await verifyStored(folder, each, signal);
    if (verdict === "sound" || verdict === "same bytes") return each.file;
  }
  return undefined;
}
