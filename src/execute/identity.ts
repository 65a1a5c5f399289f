import { strangeMake, strangeness } from "../diff/recovery.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { PendingIntent } from "../model/snapshot.ts";

/**
 * Whether a machine that stands where an attempt of ours may have made one is ours, by the rule that recovery goes by.
 * `knownIds` existed before the run, or were made by it since.
 */
export function looksLikeOurs(machine: MachineFacts, pending: PendingIntent, knownIds: ReadonlySet<string>): boolean {
  return (
    nameKey(machine.name) === nameKey(pending.name) &&
    !machine.builtin &&
    !knownIds.has(machine.id) &&
    strangeness(pending, machine) === undefined
  );
}

/**
 * Whether a machine can be the one that OrbStack has just said to have made: a new one, and of what was asked for. Its id
 * need not tell when it was made.
 */
export function canBeOurs(machine: MachineFacts, pending: PendingIntent, knownIds: ReadonlySet<string>): boolean {
  return !machine.builtin && !knownIds.has(machine.id) && strangeMake(pending, machine) === undefined;
}
