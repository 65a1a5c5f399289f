import type { Clock } from "../../src/model/clock.ts";
import type { Chance } from "./chance.ts";
import type { ProcessTable, SimulatedProcess } from "./processes.ts";
import type { Trace } from "./trace.ts";

/** How a life ended: it is over, or it was cut short. */
export type Death = "killed" | "power cut";

/**
 * What is to befall a life, at a step or after a time. Steps are counted from 1: every await of Orbform on something
 * outside is one. Times, in milliseconds, come while it waits as well, for a client above all.
 */
export interface Fate {
  /** It is killed before, in the middle of, or after this step. */
  readonly diesAt?: number;
  /** As `diesAt`, at the first step that does this: `remove dev.journal`. */
  readonly diesDoing?: string;
  readonly diesAfterMs?: number;
  /** The first interrupt comes at this step. */
  readonly stopsStartingAt?: number;
  readonly stopsStartingAfterMs?: number;
  /** The second one. */
  readonly stopsWaitingAt?: number;
  readonly stopsWaitingAfterMs?: number;
}

/** Does something outside; `half` does a part of it only, for who dies in the middle. */
export interface Deed<T> {
  readonly what: string;
  readonly act: () => T | Promise<T>;
  readonly half?: () => void;
}

/** One process of Orbform: everything it does outside goes through `step`, where it can be slow or die. */
export class Life {
  readonly process: SimulatedProcess;
  readonly name: string;
  readonly chance: Chance;
  readonly stopStarting = new AbortController();
  readonly stopWaiting = new AbortController();
  readonly #fate: Fate;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #death = Promise.withResolvers<Death>();
  /** A list that it read last lacked a machine: the next one won't. */
  lastListLacked = false;
  /** What only reads never writes. */
  mayWrite = true;
  /** How often one of its calls takes time. */
  slow = 0;
  #steps = 0;

  constructor(parts: { name: string; table: ProcessTable; clock: Clock; trace: Trace; chance: Chance; fate: Fate }) {
    const { name, table, clock, trace, chance, fate } = parts;
    this.name = name;
    this.process = table.start(name);
    this.process.onKill = () => this.#die("killed");
    this.chance = chance;
    this.#clock = clock;
    this.#trace = trace;
    this.#fate = fate;
    this.#after(fate.diesAfterMs, () => this.#dieWaiting());
    this.#after(fate.stopsStartingAfterMs, () => this.#abort(this.stopStarting, "is interrupted"));
    this.#after(fate.stopsWaitingAfterMs, () => this.#abort(this.stopWaiting, "is interrupted again"));
  }

  /** Resolves when it dies. */
  get death(): Promise<Death> {
    return this.#death.promise;
  }

  get isAlive(): boolean {
    return this.process.alive;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Does something outside, and lets happen what is to happen there. Never settles once it is dead. */
  async step<T>(deed: Deed<T>): Promise<T> {
    await this.#pass(deed);
    // Something else that it did at the same time may have been its last.
    if (!this.isAlive) return await this.#never();
    const result = await deed.act();
    if (this.#isLastStep(deed)) this.#dieAfter(deed.what);
    return await this.#ifAlive(result);
  }

  /** Like `step`, for what may take long outside: it may die in the meantime, and then never hears of the end. */
  async hear<T>(result: Promise<T>): Promise<T> {
    try {
      const heard = await result;
      return await this.#ifAlive(heard);
    } catch (error) {
      await this.#ifAlive(undefined);
      throw error;
    }
  }

  /** Its clock: what it waits for never comes once it is dead. */
  clock(): Clock {
    return {
      now: () => this.#clock.now(),
      random: () => this.chance.number(),
      sleep: (ms, signal) => this.hear(this.#clock.sleep(ms, signal)),
    };
  }

  /** It ends now, whatever it does. */
  end(death: Death): void {
    if (!this.process.alive) return;
    this.process.alive = false;
    this.#die(death);
  }

  #after(ms: number | undefined, befall: () => void): void {
    if (ms !== undefined) void this.#clock.sleep(ms).then(() => this.process.alive && befall());
  }

  #dieWaiting(): void {
    this.#trace.say(this.name, "is killed");
    this.end("killed");
  }

  async #pass(deed: Deed<unknown>): Promise<void> {
    await this.#ifAlive(undefined);
    this.#steps += 1;
    this.#interrupt();
    if (this.slow > 0 && this.chance.happens(this.slow)) {
      await this.hear(this.#clock.sleep(this.chance.pick([1, 30, 700, 4000])));
    }
    if (!this.#isLastStep(deed)) return;
    const when = this.chance.pick(["before", "in the middle of", "after"] as const);
    if (when === "after") return;
    if (when === "in the middle of") deed.half?.();
    this.#trace.say(this.name, `is killed ${when}: ${deed.what}`);
    this.end("killed");
    await this.#never();
  }

  #isLastStep({ what }: Deed<unknown>): boolean {
    return this.process.alive && (this.#steps === this.#fate.diesAt || what === this.#fate.diesDoing);
  }

  #dieAfter(what: string): void {
    this.#trace.say(this.name, `is killed after: ${what}`);
    this.end("killed");
  }

  #interrupt(): void {
    if (this.#steps === this.#fate.stopsStartingAt) this.#abort(this.stopStarting, "is interrupted");
    if (this.#steps === this.#fate.stopsWaitingAt) this.#abort(this.stopWaiting, "is interrupted again");
  }

  #abort(controller: AbortController, how: string): void {
    if (controller === this.stopWaiting && !this.stopStarting.signal.aborted) this.stopStarting.abort();
    this.#trace.say(this.name, how);
    controller.abort();
  }

  #die(death: Death): void {
    this.#death.resolve(death);
  }

  async #ifAlive<T>(result: T): Promise<T> {
    if (!this.process.alive) await this.#never();
    return result;
  }

  #never(): Promise<never> {
    return new Promise(() => undefined);
  }
}
