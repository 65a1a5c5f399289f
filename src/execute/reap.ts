import type { ChildRef, Driver } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { IntentRecord } from "../state/records.ts";
import { looksLikeOurs } from "./identity.ts";
import { findIn } from "./poller.ts";
import { answersNow } from "./ready.ts";
import { WATCH_CREATE_AFTER_MS } from "./supervise.ts";

/** What a dead run left, and how to look at it. */
export interface LeftBehind {
  readonly open: readonly IntentRecord[];
  /** With the run's journal folded in. */
  readonly snapshot: Snapshot;
  readonly driver: Driver;
  readonly clock: Clock;
}

/**
 * Clients of an earlier run's creates that need not be waited for: the machine is there, is the one that was announced,
 * runs and answers. About one create in a hundred never returns; a run of our own watches its creates by the same rule.
 */
export async function needless({ open, snapshot, driver, clock }: LeftBehind): Promise<readonly ChildRef[]> {
  const late = open.filter(({ does, at }) => does === "create" && clock.now() >= at + WATCH_CREATE_AFTER_MS);
  if (late.length === 0) return [];
  // What can't be listed is not known to be done: its client is waited for.
  const list = await driver.observe({ settings: false, default: false }).catch(() => undefined);
  const done: ChildRef[] = [];
  for (const { address, child } of late) {
    const state = snapshot.resources[address];
    const pending = state?.type === "machine" ? state.pending : undefined;
    const machine = pending && list && findIn(list, pending);
    if (child === undefined || pending === undefined || machine?.state !== "running") continue;
    if (!looksLikeOurs(machine, pending, new Set())) continue;
    if (await answersNow({ driver, clock }, machine.id)) done.push(child);
  }
  return done;
}
