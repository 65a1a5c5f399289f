/** How long actions took, learned run by run: only a help for the order of work and for what a plan expects. */
import { decodeTimings } from "./codec.ts";
import type { Disk } from "./disk.ts";
import type { TimingsFile } from "./records.ts";

/** One action that went well. */
export interface Duration {
  readonly kind: string;
  readonly address: string;
  readonly ms: number;
}

/** How many keys are kept; those used longest ago go first. */
const KEPT_TIMINGS = 4_000;

const MOST_WEIGHT = 20;

/**
 * Reads learned durations in ms, by `kind` and by `kind address`, as the planner takes them; empty where there are
 * none, or where the file is something else.
 */
export async function readDurations(disk: Disk, path: string): Promise<ReadonlyMap<string, number>> {
  const file = await readFile(disk, path);
  return new Map(Object.entries(file.learned).map(([key, each]) => [key, Math.round(each.meanMs)]));
}

/** Adds what a run learned. A file that cannot be written is left as it is: nothing depends on it. */
export async function learnDurations(disk: Disk, path: string, durations: readonly Duration[]): Promise<void> {
  if (durations.length === 0) return;
  const learned = withDurations(await readFile(disk, path), durations);
  await disk.replace(path, `${JSON.stringify(learned, null, 2)}\n`, 0o600).catch(() => undefined);
}

/** The timings with some more durations in them. */
function withDurations(file: TimingsFile, durations: readonly Duration[]): TimingsFile {
  const learned = new Map(Object.entries(file.learned));
  for (const { kind, address, ms } of durations) {
    if (!Number.isFinite(ms) || ms < 0) continue;
    for (const key of [kind, `${kind} ${address}`]) learn(learned, key, ms);
  }
  const kept = [...learned].slice(-KEPT_TIMINGS);
  return { format: 1, learned: Object.fromEntries(kept) };
}

function learn(learned: Map<string, TimingsFile["learned"][string]>, key: string, ms: number): void {
  const before = learned.get(key) ?? { count: 0, meanMs: 0 };
  const count = Math.min(before.count + 1, MOST_WEIGHT);
  learned.delete(key);
  learned.set(key, { count, meanMs: before.meanMs + (ms - before.meanMs) / count });
}

async function readFile(disk: Disk, path: string): Promise<TimingsFile> {
  // A help that cannot be read is no help; that it is missing is no trouble.
  const text = await disk.read(path).catch(() => undefined);
  return (text === undefined ? undefined : decodeTimings(text)) ?? { format: 1, learned: {} };
}
