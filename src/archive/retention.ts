/** Which archives a policy keeps. Pure: the times come in, the decisions go out. */
import type { KeepReason, Retention, RetentionPolicy } from "../model/archive.ts";

/** One archive of ours, as far as rotation has to know it. */
export interface Datable {
  readonly file: string;
  readonly machine: string;
  readonly sizeBytes: number;
  /** When it was made. Epoch ms. */
  readonly at: number;
}

/** Archives of one machine and what is to be kept of them. */
export interface RetentionCall {
  readonly archives: readonly Datable[];
  readonly policy: RetentionPolicy;
  /** The newest one that was found sound: kept whatever the policy says. `undefined`: none was, and all are kept. */
  readonly sound: string | undefined;
}

/** Decides for the archives of one machine, newest first. Each is judged once; none is invented. */
export function retain({ archives, policy, sound }: RetentionCall): readonly Retention[] {
  const sorted = newestFirst(archives);
  const kept = byPolicy(sorted, policy);
  return sorted.map((each) => {
    const { file, machine, sizeBytes } = each;
    const reasons = kept.get(file) ?? [];
    const isLastResort = sound === undefined || file === sound;
    const keep: readonly KeepReason[] = reasons.length === 0 && isLastResort ? ["newest sound one"] : reasons;
    return { file, machine, sizeBytes, keep };
  });
}

/** Archives by time, the newest first; of one moment, by name. */
export function newestFirst<T extends Datable>(archives: readonly T[]): readonly T[] {
  return archives.toSorted((a, b) => b.at - a.at || (a.file < b.file ? 1 : -1));
}

function byPolicy(sorted: readonly Datable[], policy: RetentionPolicy): ReadonlyMap<string, readonly KeepReason[]> {
  const kept = new Map<string, KeepReason[]>();
  for (const [reason, periodOf] of RULES) {
    const periods = new Set<string>();
    for (const each of sorted) {
      const period = periodOf(each);
      if (periods.size >= (policy[reason] ?? 0) || periods.has(period)) continue;
      periods.add(period);
      kept.set(each.file, [...(kept.get(each.file) ?? []), reason]);
    }
  }
  return kept;
}

/** What two archives must share for the newer one to stand for both. */
const RULES: readonly (readonly [keyof RetentionPolicy, (archive: Datable) => string])[] = [
  ["last", ({ file }) => file],
  ["daily", ({ at }) => isoDate(at)],
  ["weekly", ({ at }) => isoWeek(at)],
  ["monthly", ({ at }) => isoDate(at).slice(0, 7)],
];

const DAY_MS = 86_400_000;

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** A week is told by its Thursday: the year that has that day has the week. */
function isoWeek(at: number): string {
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  return isoDate(at + (3 - weekday) * DAY_MS);
}
