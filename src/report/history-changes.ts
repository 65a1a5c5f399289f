import { sameJson } from "../model/same-json.ts";
import type { HistoryEntry } from "../model/history.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";

/** What is in one snapshot otherwise than in another, by address, sorted. */
export interface SnapshotChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** A kept snapshot beside the one before it. `changes` is absent where that one is not known. */
export interface HistoryRow {
  readonly entry: HistoryEntry;
  readonly before?: Snapshot;
  readonly changes?: SnapshotChanges;
}

type Resources = { readonly [address: string]: ResourceState };

/** What became of each address from one snapshot to another. Addresses of the network and sizes on disk don't count. */
export function changesBetween(before: Snapshot | undefined, after: Snapshot): SnapshotChanges {
  const old: Resources = before?.resources ?? {};
  const now: Resources = after.resources;
  const [was, is] = [Object.keys(old).toSorted(), Object.keys(now).toSorted()];
  const kept = is.filter((address) => Object.hasOwn(old, address));
  return {
    added: is.filter((address) => !Object.hasOwn(old, address)),
    changed: kept.filter((address) => !sameJson(lasting(old[address]), lasting(now[address]))),
    removed: was.filter((address) => !Object.hasOwn(now, address)),
  };
}

/** Each kept snapshot with what it changed. The first there ever was changed nothing but added all. */
export function historyRows(entries: readonly HistoryEntry[]): readonly HistoryRow[] {
  const bySerial = new Map(entries.map((entry) => [entry.serial, entry]));
  return entries.map((entry) => {
    const before = bySerial.get(entry.serial - 1);
    if (entry.kind === "unreadable" || (before?.kind !== "snapshot" && entry.serial > 1)) return { entry };
    const snapshot = before?.kind === "snapshot" ? before.snapshot : undefined;
    const changes = changesBetween(snapshot, entry.snapshot);
    return { entry, changes, ...(snapshot !== undefined && { before: snapshot }) };
  });
}

function lasting(resource: ResourceState | undefined): ResourceState | null {
  if (resource?.type !== "machine") return resource ?? null;
  const { addresses: _addresses, ...rest } = resource;
  return rest;
}
