import type { ActionId } from "../../src/model/action.ts";
import { remainingMs } from "../../src/graph/critical-path.ts";
import { DEFAULT_LIMITS, limitKind, type Limits } from "../../src/model/limits.ts";
import { schedule, type Schedulable, type ScheduleOptions } from "../../src/execute/scheduler.ts";
import { seeded, virtualClock } from "./execute-clock.ts";
import { actionId } from "./execute-builders.ts";

/** Kinds as a plan mixes them, with what each takes in seconds. */
const KINDS: readonly (readonly [string, number, number])[] = [
  ["create", 10, 25],
  ["clone", 1, 2],
  ["start", 1, 3],
  ["config", 0.1, 0.2],
  ["rename", 0.1, 0.2],
  ["stop", 1, 3],
  ["delete", 1, 10],
];

/** A random DAG of `count` actions; each comes after up to three earlier ones. The same seed gives the same graph. */
export function randomGraph(seed: number, count: number): readonly Schedulable[] {
  const random = seeded(seed);
  const density = random() * 3;
  const actions: Schedulable[] = [];
  for (let index = 0; index < count; index += 1) {
    const [kind, least, most] = KINDS[Math.floor(random() * KINDS.length)] ?? ["stop", 1, 1];
    const after = new Set<ActionId>();
    const most_ = Math.min(index, Math.floor(random() * density));
    while (after.size < most_) after.add(actionId(`a${Math.floor(random() * index)}`));
    const expectedMs = Math.round(1000 * (least + random() * (most - least)));
    actions.push({ id: actionId(`a${index}`), kind, after: [...after].toSorted(), expectedMs });
  }
  return actions;
}

/** No schedule can be shorter: the longest path, all work over the global limit, each kind's work over its limit. */
export function lowerBoundMs(actions: readonly Schedulable[], limits: Limits): number {
  const longest = Math.max(0, ...remainingMs(actions).values());
  const work = actions.reduce((sum, each) => sum + each.expectedMs, 0);
  const byKind = new Map<string, number>();
  for (const { kind, expectedMs } of actions) {
    byKind.set(limitKind(kind), (byKind.get(limitKind(kind)) ?? 0) + expectedMs);
  }
  const kinds = [...byKind].map(([kind, sum]) => sum / (limits.byKind[kind] ?? limits.global));
  return Math.max(longest, work / limits.global, ...kinds);
}

/** What happened while a graph was scheduled. */
export interface Scheduled {
  readonly makespanMs: number;
  readonly order: readonly ActionId[];
  /** The most that ever ran at once, by kind; `""` = all. */
  readonly most: ReadonlyMap<string, number>;
}

/** Schedules a graph in virtual time; every action takes exactly what was expected. */
export async function scheduleVirtually(
  actions: readonly Schedulable[],
  options: Partial<ScheduleOptions<Schedulable>> = {},
): Promise<Scheduled> {
  const clock = virtualClock();
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const order: ActionId[] = [];
  const change = (kind: string, by: number): void => {
    for (const key of ["", limitKind(kind)]) {
      const now = (running.get(key) ?? 0) + by;
      running.set(key, now);
      most.set(key, Math.max(most.get(key) ?? 0, now));
    }
  };
  await schedule({
    actions,
    remainingMs: remainingMs(actions),
    limits: DEFAULT_LIMITS,
    run: async (action) => {
      order.push(action.id);
      change(action.kind, 1);
      await clock.sleep(action.expectedMs);
      change(action.kind, -1);
      return "succeeded";
    },
    ...options,
  });
  return { makespanMs: clock.elapsed(), order, most };
}
