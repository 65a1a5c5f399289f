import type { QueueAddOptions } from "p-queue";
import { InvariantError } from "../model/errors.ts";
import { Heap } from "./heap.ts";
import { limitKind, type Limits } from "../model/limits.ts";

type Run = () => Promise<unknown>;

/** What a job is enqueued with. `order` breaks ties, so that the same plan starts in the same order. */
export interface JobOptions extends QueueAddOptions {
  readonly kind: string;
  /** Milliseconds of the longest path that still lies before it: the longest goes first. */
  readonly remainingMs: number;
  readonly order: number;
}

interface Job {
  readonly run: Run;
  readonly remainingMs: number;
  readonly order: number;
}

interface Lane {
  readonly jobs: Heap<Job>;
  limit: number;
  running: number;
}

/**
 * The waiting jobs, one heap for each kind that has a limit: a kind that is full never blocks the others. p-queue throws
 * where `dequeue` gives nothing though `size` said there was something, so both look at what can start, and only at that.
 */
export class JobQueue {
  readonly #lanes = new Map<string, Lane>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many could start if the global limit let them. */
  get size(): number {
    let startable = 0;
    for (const lane of this.#lanes.values()) {
      startable += Math.max(0, Math.min(lane.jobs.size, lane.limit - lane.running));
    }
    return startable;
  }

  enqueue(run: Run, options?: Partial<JobOptions>): void {
    const { kind = "", remainingMs = 0, order = 0 } = options ?? {};
    this.#lane(kind).jobs.push({ run, remainingMs, order });
  }

  /** Takes the startable job with the longest path before it, and a slot of its kind with it. */
  dequeue(): Run | undefined {
    let best: Lane | undefined;
    for (const lane of this.#lanes.values()) {
      if (lane.running < lane.limit && goesBefore(lane, best)) best = lane;
    }
    const job = best?.jobs.pop();
    if (best === undefined || job === undefined) return undefined;
    best.running += 1;
    return job.run;
  }

  /** Gives back the slot of a job that has ended. */
  release(kind: string): void {
    this.#lane(kind).running -= 1;
  }

  /** Sets a kind's limit from now on; what runs goes on. */
  setLimit(kind: string, limit: number): void {
    this.#lane(kind).limit = limit;
  }

  /** Whether nothing waits, startable or not. */
  get isEmpty(): boolean {
    for (const lane of this.#lanes.values()) if (lane.jobs.size > 0) return false;
    return true;
  }

  /** The longest path before any waiting job, in milliseconds; 0 where none waits. */
  get longestMs(): number {
    let longest = 0;
    for (const lane of this.#lanes.values()) longest = Math.max(longest, lane.jobs.peek()?.remainingMs ?? 0);
    return longest;
  }

  filter(): Run[] {
    return [];
  }

  setPriority(): void {
    throw new InvariantError("priorities are given when a job is enqueued");
  }

  remove(): void {
    throw new InvariantError("jobs are never taken back");
  }

  #lane(kind: string): Lane {
    const name = limitKind(kind);
    const known = this.#lanes.get(name);
    if (known) return known;
    const limit = this.#limits.byKind[name] ?? Number.POSITIVE_INFINITY;
    const lane: Lane = { jobs: new Heap(isBefore), limit, running: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }
}

function goesBefore(lane: Lane, best: Lane | undefined): boolean {
  const job = lane.jobs.peek();
  const other = best?.jobs.peek();
  return job !== undefined && (other === undefined || isBefore(job, other));
}

function isBefore(a: Job, b: Job): boolean {
  return a.remainingMs === b.remainingMs ? a.order < b.order : a.remainingMs > b.remainingMs;
}
