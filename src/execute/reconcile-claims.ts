import type { Address } from "../model/address.ts";
import { sameJson } from "../model/same-json.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import type { Claims } from "../state/claims.ts";
import type { ClaimsPort } from "./run.ts";
import { claimedBy } from "./change-claims.ts";

/** One snapshot and the one that takes its place. */
export interface Succession {
  readonly before: Snapshot | undefined;
  readonly after: Snapshot;
  /** Ids that came and may have gone between the two. */
  readonly passing?: readonly string[];
}

/**
 * Claims what a snapshot has that the one before had not, or had elsewhere; on another host, all of it. To be done
 * before it is written: a claim too many keeps nobody away, one too few lets two stacks at one machine. Never rejects.
 */
export async function claimNew(claims: Claims, { before, after }: Succession): Promise<void> {
  const { lineage, stack } = after;
  const had = before && sameJson(before.world, after.world) ? keysOf(before) : new Map<string, Address>();
  const writing = [...keysOf(after)]
    .filter(([key, address]) => had.get(key) !== address)
    .map(([key, address]) => claims.write(key, { lineage, stack, address }));
  await Promise.allSettled(writing);
}

/** Lets go of what a snapshot no longer has. To be done once that is on disk, there or in a journal. Never rejects. */
export async function releaseOld(claims: Claims, { before, after, passing = [] }: Succession): Promise<void> {
  const has = keysOf(after);
  const had = new Set([...(before ? keysOf(before).keys() : []), ...passing]);
  const gone = [...had].filter((key) => !has.has(key));
  await Promise.allSettled(gone.map((key) => claims.remove(key, after.lineage)));
}

function keysOf({ resources }: Snapshot): ReadonlyMap<string, Address> {
  const keys = new Map<string, Address>();
  for (const address of addressesOf(resources)) {
    for (const key of claimedBy(resources[address])) keys.set(key, address);
  }
  return keys;
}

function addressesOf(resources: { readonly [address: Address]: ResourceState }): readonly Address[] {
  return Object.keys(resources) as Address[];
}

/** Claims as a run of one state writes and removes them. */
export function claimsFor(claims: Claims, { lineage, stack }: Snapshot): ClaimsPort {
  return {
    write: (key, address) => claims.write(key, { lineage, stack, address }),
    remove: (key) => claims.remove(key, lineage),
  };
}
