import type { Disk } from "./disk.ts";
import { unreadable, unwritable } from "./disk-errors.ts";
import { readJournal } from "./journal.ts";
import type { StatePaths } from "./paths.ts";
import { believable, type RecordPorts } from "./read-prior.ts";

/** What runs of a kept plan that ended early have come to: outlives the journal, which is folded into the snapshot. */
export interface UnfinishedPlan {
  /** The plan's digest. */
  readonly plan: string;
  /** The state's: the same plan may be made for one that is begun anew. */
  readonly lineage: string;
  /** The snapshot's serial once the last of those runs is in it: on another one, somebody else has written since. */
  readonly serial: number;
  /** Ids of actions that ended well. */
  readonly done: readonly string[];
  /** Addresses at which something was begun. */
  readonly begun: readonly string[];
}

/**
 * What is known of runs that died over a plan: of the one whose journal is there, and of those before it. Written down where
 * there is a journal, so that it is known still when that is folded in. `undefined`: none died over it, or another run has
 * written since. Errors: `ORB_STATE_UNREADABLE`, `ORB_STATE_UNWRITABLE`, those of the journal.
 */
export async function keepUnfinished(
  from: Omit<RecordPorts, "backend">,
  { plan, lineage, serial }: Pick<UnfinishedPlan, "plan" | "lineage" | "serial">,
): Promise<UnfinishedPlan | undefined> {
  const { disk, paths } = from;
  const path = paths.unfinished;
  const text = await disk.read(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  const before = decoded(text);
  const known = before?.plan === plan && before.lineage === lineage ? before : undefined;
  const records = (await readJournal(disk, paths.journal))?.records ?? [];
  const [header] = records;
  if (header?.kind !== "header") return known?.serial === serial ? known : undefined;
  if (header.planDigest !== plan || header.lineage !== lineage) return undefined;
  // One that was written for this very journal, before it could be folded in, has it already.
  const isBefore = known?.serial === header.baseSerial || known?.serial === header.baseSerial + 1;
  const earlier = isBefore ? known : undefined;
  const done = records.flatMap((each) => (each.kind === "outcome" && each.result === "succeeded" ? [each.action] : []));
  // What is only written down, as an adoption, has no intent; one whose process never ran began nothing.
  const begun = (await believable(records, from)).flatMap((each) =>
    each.kind === "intent" || each.kind === "outcome" ? [each.address] : [],
  );
  const unfinished: UnfinishedPlan = {
    plan,
    lineage,
    serial: header.baseSerial + 1,
    done: [...new Set([...(earlier?.done ?? []), ...done])],
    begun: [...new Set([...(earlier?.begun ?? []), ...begun])],
  };
  await disk.replace(path, textOf(unfinished), 0o600).catch((error: unknown) => {
    throw unwritable(error, path);
  });
  return unfinished;
}

/**
 * Writes down what a run has come to that was interrupted or failed in part, so that the plan can be taken up again; of one
 * that was carried out whole, nothing is to be finished any more. It is only a help: without it the plan is stale.
 */
export async function noteEnd(
  disk: Disk,
  paths: StatePaths,
  { isWhole, ...ended }: UnfinishedPlan & { readonly isWhole: boolean },
): Promise<void> {
  const { unfinished: path } = paths;
  if (!isWhole) await disk.replace(path, textOf(ended), 0o600).catch(() => undefined);
  else if (await isNoted(disk, paths, ended)) await disk.remove(path).catch(() => undefined);
}

/** Whether a run of a plan is noted that did not get to its end, whoever wrote since. */
export async function isNoted(
  disk: Disk,
  { unfinished }: StatePaths,
  { plan, lineage }: Pick<UnfinishedPlan, "plan" | "lineage">,
): Promise<boolean> {
  const note = decoded(await disk.read(unfinished).catch(() => undefined));
  return note?.plan === plan && note.lineage === lineage;
}

/** The serial that a run of a kept plan wrote, as the history's log has it; `undefined`: it has none. */
export async function writtenBy(disk: Disk, paths: StatePaths, plan: string): Promise<number | undefined> {
  const { readLog } = await import("./history.ts");
  const lines = await readLog(disk, paths.history).catch(() => []);
  return lines.findLast(({ planDigest }) => planDigest === plan)?.serial;
}

function textOf(unfinished: UnfinishedPlan): string {
  return `${JSON.stringify(unfinished, null, 2)}\n`;
}

/** What can't be read is nothing that a plan could be finished by. */
function decoded(text: string | undefined): UnfinishedPlan | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isUnfinished(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isUnfinished(value: unknown): value is UnfinishedPlan {
  if (typeof value !== "object" || value === null || !("plan" in value) || !("serial" in value)) return false;
  if (!("lineage" in value) || typeof value.lineage !== "string") return false;
  const lists = ["done", "begun"].map((key): unknown => Reflect.get(value, key));
  return typeof value.plan === "string" && Number.isSafeInteger(value.serial) && lists.every(isWords);
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
