import PQueue from "p-queue";
import type { ActionId } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import type { SkipReason } from "../model/execute-event.ts";
import { JobQueue, type JobOptions } from "./job-queue.ts";
import { laneOf, type Limits } from "../model/limits.ts";

/** What the scheduler has to know of an action. */
export interface Schedulable {
  readonly id: ActionId;
  readonly kind: string;
  readonly after: readonly ActionId[];
  readonly afterEnd?: readonly ActionId[];
  /** What is written, run or removed: a setting, archives, or something inside a machine. */
  readonly subject?: string;
  readonly expectedMs: number;
}

/** How an action that was begun has ended. */
export type Verdict = "succeeded" | "failed" | "unknown";

/** How an action has ended, begun or not. */
export type Ending = Verdict | "skipped";

/** How far a schedule is. `waiting` have not begun. */
export interface ScheduleCounts {
  readonly total: number;
  readonly running: number;
  readonly waiting: number;
  readonly ended: { readonly [E in Ending]: number };
  readonly remainingWorkMs: number;
  readonly remainingPathMs: number;
}

/** What is scheduled, and how. */
export interface ScheduleOptions<A extends Schedulable> {
  /** A DAG; every id in an `after` is one of them. */
  readonly actions: readonly A[];
  /** Longest remaining expected path of each action, its own time included; one that is missing counts as its own. */
  readonly remainingMs: ReadonlyMap<ActionId, number>;
  readonly limits: Limits;
  /** Carries out one action. A rejection is a bug: nothing more is started, and `schedule` rejects with it. */
  readonly run: (action: A) => Promise<Verdict>;
  /** Nothing is started any more once it aborts; what runs is waited for. */
  readonly stopStarting?: AbortSignal;
  /** The first failure stops starting. @default false */
  readonly failFast?: boolean;
  readonly onSkip?: (action: A, reason: SkipReason, because?: ActionId) => void;
  readonly onCounts?: (counts: ScheduleCounts) => void;
  /** Handed the means to change a kind's limit while it runs. */
  readonly onLimits?: (setLimit: (kind: string, limit: number) => void) => void;
}

/**
 * Carries out a graph of actions: each after those it needs, the longest remaining path first, never more at once than
 * the limits allow. A failed or unknown action skips what depends on it and nothing else. O(log n) for each action.
 */
export async function schedule<A extends Schedulable>(
  options: ScheduleOptions<A>,
): Promise<ReadonlyMap<ActionId, Ending>> {
  const run = new Schedule(options);
  return await run.done();
}

type Queued = Pick<JobQueue, "size" | "enqueue" | "dequeue" | "filter" | "setPriority" | "remove">;

interface Node<A> {
  readonly action: A;
  readonly order: number;
  readonly remainingMs: number;
  /** Those that need its success, and those that only wait for its end. */
  readonly dependents: Node<A>[];
  readonly followers: Node<A>[];
  missing: number;
}

class Schedule<A extends Schedulable> {
  readonly #options: ScheduleOptions<A>;
  readonly #nodes: ReadonlyMap<ActionId, Node<A>>;
  readonly #jobs: JobQueue;
  readonly #queue: PQueue<Queued, JobOptions>;
  readonly #endings = new Map<ActionId, Ending>();
  readonly #ended = { succeeded: 0, failed: 0, unknown: 0, skipped: 0 };
  readonly #running = new Set<Node<A>>();
  readonly #finished = Promise.withResolvers<void>();
  #remainingWorkMs = 0;
  #stopped: SkipReason | undefined;
  #bug: { readonly error: unknown } | undefined;

  constructor(options: ScheduleOptions<A>) {
    this.#options = options;
    this.#nodes = nodesOf(options);
    const jobs = new JobQueue(options.limits);
    this.#jobs = jobs;
    // p-queue makes its own queue from the class it is given; what it makes has to share its state with ours.
    const queueClass = class {
      get size(): number {
        return jobs.size;
      }
      enqueue = jobs.enqueue.bind(jobs);
      dequeue = jobs.dequeue.bind(jobs);
      filter = jobs.filter.bind(jobs);
      setPriority = jobs.setPriority.bind(jobs);
      remove = jobs.remove.bind(jobs);
    };
    this.#queue = new PQueue<Queued, JobOptions>({ concurrency: options.limits.global, queueClass, autoStart: false });
    options.onLimits?.((kind, limit) => jobs.setLimit(kind, limit));
  }

  async done(): Promise<ReadonlyMap<ActionId, Ending>> {
    for (const node of this.#nodes.values()) this.#remainingWorkMs += node.action.expectedMs;
    const first = [...this.#nodes.values()].filter((node) => node.missing === 0);
    if (first.length === 0 && this.#nodes.size > 0) throw new InvariantError("the plan's actions form a cycle");
    // All of them are there before the first is taken, so that it is the one with the longest path.
    for (const node of first) this.#enqueue(node);
    this.#queue.start();
    if (this.#nodes.size > 0) await this.#finished.promise;
    if (this.#bug) throw this.#bug.error;
    return this.#endings;
  }

  #enqueue(node: Node<A>): void {
    const { remainingMs, order } = node;
    // Never p-queue's timeout or signal: both give the slot away while the work still goes on.
    void this.#queue.add(() => this.#carryOut(node), { kind: laneOf(node.action), remainingMs, order });
  }

  async #carryOut(node: Node<A>): Promise<void> {
    const stopped = this.#reasonToStop();
    if (stopped) this.#skip(node, stopped);
    else await this.#runOne(node);
    this.#jobs.release(laneOf(node.action));
    if (this.#running.size === 0) this.#settleRest();
    this.#tell();
    if (this.#endings.size === this.#nodes.size) this.#finished.resolve();
  }

  /** Nothing runs: if nothing waits either, what has not ended never will. */
  #settleRest(): void {
    if (this.#endings.size === this.#nodes.size || !this.#jobs.isEmpty) return;
    const stopped = this.#reasonToStop();
    if (stopped === undefined) this.#finished.reject(new InvariantError("the plan's actions form a cycle"));
    else for (const node of this.#nodes.values()) this.#skip(node, stopped);
  }

  async #runOne(node: Node<A>): Promise<void> {
    this.#running.add(node);
    this.#tell();
    const verdict = await this.#verdictOf(node);
    this.#running.delete(node);
    this.#end(node, verdict);
    if (verdict === "succeeded") this.#releaseDependents(node);
    else this.#skipDependents(node);
  }

  async #verdictOf(node: Node<A>): Promise<Verdict> {
    try {
      return await this.#options.run(node.action);
    } catch (error) {
      this.#bug ??= { error };
      this.#stopped ??= "fail-fast";
      return "unknown";
    }
  }

  #releaseDependents(node: Node<A>): void {
    for (const dependent of node.dependents) this.#release(dependent);
  }

  #release(waiting: Node<A>): void {
    waiting.missing -= 1;
    if (waiting.missing === 0 && !this.#endings.has(waiting.action.id)) this.#enqueue(waiting);
  }

  #skipDependents(node: Node<A>): void {
    if (this.#options.failFast) this.#stopped ??= "fail-fast";
    const reached = [...node.dependents];
    for (let next = reached.pop(); next !== undefined; next = reached.pop()) {
      if (this.#endings.has(next.action.id)) continue;
      this.#skip(next, "dependency", node.action.id);
      reached.push(...next.dependents);
    }
  }

  #skip(node: Node<A>, reason: SkipReason, because?: ActionId): void {
    if (this.#endings.has(node.action.id)) return;
    this.#end(node, "skipped");
    this.#options.onSkip?.(node.action, reason, because);
  }

  #end(node: Node<A>, ending: Ending): void {
    this.#endings.set(node.action.id, ending);
    this.#ended[ending] += 1;
    this.#remainingWorkMs -= node.action.expectedMs;
    for (const follower of node.followers) this.#release(follower);
  }

  #reasonToStop(): SkipReason | undefined {
    return this.#options.stopStarting?.aborted ? "interrupted" : this.#stopped;
  }

  #tell(): void {
    if (!this.#options.onCounts) return;
    const total = this.#nodes.size;
    const running = this.#running.size;
    let remainingPathMs = this.#jobs.longestMs;
    for (const node of this.#running) remainingPathMs = Math.max(remainingPathMs, node.remainingMs);
    this.#options.onCounts({
      total,
      running,
      waiting: total - running - this.#endings.size,
      ended: { ...this.#ended },
      remainingWorkMs: Math.max(0, this.#remainingWorkMs),
      remainingPathMs,
    });
  }
}

function nodesOf<A extends Schedulable>(options: ScheduleOptions<A>): ReadonlyMap<ActionId, Node<A>> {
  const nodes = new Map<ActionId, Node<A>>();
  for (const [order, action] of options.actions.entries()) {
    const remainingMs = options.remainingMs.get(action.id) ?? action.expectedMs;
    nodes.set(action.id, { action, order, remainingMs, dependents: [], followers: [], missing: 0 });
  }
  const needed = (node: Node<A>, id: ActionId): Node<A> => {
    const found = nodes.get(id);
    if (!found) throw new InvariantError(`${node.action.id} comes after ${id}, which is not in the plan`);
    node.missing += 1;
    return found;
  };
  for (const node of nodes.values()) {
    for (const id of new Set(node.action.after)) needed(node, id).dependents.push(node);
    for (const id of new Set(node.action.afterEnd)) needed(node, id).followers.push(node);
  }
  // A free slot goes to the first that is enqueued, which must be the one with the longest path too.
  for (const node of nodes.values()) node.dependents.sort((a, b) => b.remainingMs - a.remainingMs);
  return nodes;
}
