/** Folds a journal into a snapshot: what Orbform believes after a run, whether it ended well or died. */
import { castDraft, Immer } from "immer";
import type { ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import { emptySnapshot } from "./empty-snapshot.ts";
import { applyResourcePatch } from "./patch.ts";
import type {
  ChildRecord,
  IntentRecord,
  JournalHeader,
  JournalRecord,
  PatchOperation,
  RecordedProcess,
  ResourcePatch,
} from "./records.ts";

/** What a snapshot and a journal say together. */
export interface Replayed {
  /** The snapshot with everything journalled in it. Its serial is still the base's: writing it is what raises it. */
  readonly snapshot: Snapshot;
  /** The latest intent of every action whose outcome is not known, in the order they began. */
  readonly open: readonly IntentRecord[];
  /** Every process those actions started, in all attempts that have no known outcome: they may still run. */
  readonly children: readonly RecordedProcess[];
  /** Ids of all machines that the journal says were taken in or made, those that were deleted again among them. */
  readonly ids: readonly string[];
  /** The journal's header; absent where there was no journal. */
  readonly header?: JournalHeader;
  /** The snapshot is newer than the journal: everything in it is folded in already, and it is only to be removed. */
  readonly stale: boolean;
}

// Not frozen: freezing would walk a hundred thousand resources to guard what types already guard.
const immer = new Immer({ autoFreeze: false });

/**
 * Folds the records of a journal (header first) into the snapshot it builds on; `base` absent = none was ever written.
 * Work grows with the records and the resources, not with their product. Errors: `ORB_JOURNAL_CORRUPT` where the
 * journal is another lineage's, builds on a snapshot that is not there, or does not fit.
 */
export function replay(base: Snapshot | undefined, journal: readonly JournalRecord[]): Replayed {
  const [header, ...records] = journal;
  if (header?.kind !== "header") throw unfit("its first record is no header");
  const snapshot = base ?? emptySnapshot(header);
  checkLineage(snapshot, header);
  if (header.baseSerial < snapshot.serial) return { snapshot, open: [], children: [], ids: [], header, stale: true };
  const attempts = foldAttempts(records);
  return {
    snapshot: withResources(snapshot, withKnownIds(foldResources(snapshot, records), { header, records })),
    open: attempts.map((each) => each.intent),
    children: attempts.flatMap((each) => each.children),
    ids: journalledIds(records),
    header,
    stale: false,
  };
}

/** The snapshot with some resources exchanged, added, or (`undefined`) taken out. The given snapshot stays as it is. */
export function withResources(snapshot: Snapshot, changed: ReadonlyMap<Address, ResourceState | undefined>): Snapshot {
  if (changed.size === 0) return snapshot;
  // Drafting whole resources would proxy every level of them; only the map of addresses is drafted.
  const resources = immer.produce(snapshot.resources, (draft) => {
    for (const [address, state] of changed) {
      if (state === undefined) delete draft[address];
      else draft[address] = castDraft(state);
    }
  });
  return { ...snapshot, resources };
}

function checkLineage(snapshot: Snapshot, header: JournalHeader): void {
  if (header.lineage !== snapshot.lineage) {
    throw unfit(`it belongs to lineage ${header.lineage}, the snapshot is of lineage ${snapshot.lineage}`);
  }
  if (header.baseSerial > snapshot.serial) {
    throw unfit(`it builds on serial ${header.baseSerial}, but the snapshot has serial ${snapshot.serial}`);
  }
}

function foldResources(
  snapshot: Snapshot,
  records: readonly JournalRecord[],
): ReadonlyMap<Address, ResourceState | undefined> {
  const folded = new Map<Address, ResourceState | undefined>();
  for (const record of records) {
    if (record.kind === "header") throw unfit("it has a second header");
    if (record.kind === "child") continue;
    for (const { address, patch } of patchesIn(record)) {
      const before = folded.has(address) ? folded.get(address) : ownResource(snapshot, address);
      folded.set(address, applyResourcePatch(before, patch));
    }
  }
  return folded;
}

function patchesIn(record: JournalRecord): readonly ResourcePatch[] {
  if (!("patch" in record)) return [];
  return record.kind === "refreshed" ? [record, ...(record.others ?? [])] : [record];
}

interface Journalled {
  readonly header: JournalHeader;
  readonly records: readonly JournalRecord[];
}

/**
 * Open creations with the ids that can't be theirs: those the run began with, and those of all it made and took in. In a
 * journal they stand once; what is looked for later has to bring its own.
 */
function withKnownIds(
  folded: ReadonlyMap<Address, ResourceState | undefined>,
  { header, records }: Journalled,
): ReadonlyMap<Address, ResourceState | undefined> {
  const announced = new Map<Address, number>();
  for (const record of records) {
    if (record.kind === "intent" && record.pending) announced.set(record.address, record.pending.at);
  }
  const filled = new Map(folded);
  let knownIds: readonly string[] | undefined;
  for (const [address, state] of folded) {
    if (state?.type !== "machine" || state.pending === undefined) continue;
    if (announced.get(address) !== state.pending.at) continue;
    knownIds ??= [
      ...new Set([...header.knownIds, ...recordedIds(folded.values()), ...journalledIds(records)]),
    ].toSorted();
    filled.set(address, { ...state, pending: { ...state.pending, knownIds } });
  }
  return filled;
}

function recordedIds(states: Iterable<ResourceState | undefined>): readonly string[] {
  const ids: string[] = [];
  for (const state of states) {
    if (state?.type !== "machine") continue;
    if (state.id !== undefined) ids.push(state.id);
    for (const { id } of state.deposed ?? []) ids.push(id);
  }
  return ids;
}

/** Ids that patches brought: of machines taken in or made by the run, and perhaps deleted by it again. */
function journalledIds(records: readonly JournalRecord[]): readonly string[] {
  return records.flatMap(patchesIn).flatMap(({ patch }) => patch.flatMap(idIn));
}

function idIn({ path, value }: PatchOperation): readonly string[] {
  if (path === "/resource/id" && typeof value === "string") return [value];
  const isResource = path === "/resource" && typeof value === "object" && value !== null && "id" in value;
  return isResource && typeof value.id === "string" ? [value.id] : [];
}

/** The resource at an address, or `undefined`: never something inherited from `Object.prototype`. */
function ownResource(snapshot: Snapshot, address: Address): ResourceState | undefined {
  return Object.hasOwn(snapshot.resources, address) ? snapshot.resources[address] : undefined;
}

interface OpenAttempt {
  readonly intent: IntentRecord;
  readonly children: readonly RecordedProcess[];
}

function foldAttempts(records: readonly JournalRecord[]): readonly OpenAttempt[] {
  const open = new Map<ActionId, OpenAttempt>();
  for (const record of records) {
    if (record.kind === "intent") {
      const earlier = open.get(record.action)?.children ?? [];
      open.set(record.action, { intent: record, children: record.child ? [...earlier, record.child] : earlier });
    }
    if (record.kind === "child") addChild(open, record);
    if (record.kind === "outcome" && record.result !== "unknown") open.delete(record.action);
  }
  return [...open.values()];
}

function addChild(open: Map<ActionId, OpenAttempt>, record: ChildRecord): void {
  const attempt = open.get(record.action);
  if (attempt) open.set(record.action, { ...attempt, children: [...attempt.children, record.child] });
}

function unfit(why: string): OrbformError {
  return new OrbformError("ORB_JOURNAL_CORRUPT", {
    summary: "The journal does not fit its snapshot",
    detail:
      `The journal of an interrupted run cannot be applied to the state file: ${why}. ` +
      "What that run did to machines is only in this journal; nothing was changed now.",
    hint:
      "Put back the snapshot the journal builds on (from the history folder beside the state file); or move the journal " +
      "away and check with `orb plan` what exists.",
  });
}
