import type { ExecuteEvent } from "../model/execute-event.ts";
import { advance, NO_PROGRESS, type Progress, type Running } from "../report/progress.ts";
import type { Console } from "./console.ts";

/** How often an action under way is told of again, as Terraform does. Milliseconds. */
const EVERY_MS = 10_000;

/** Follows what runs, and tells of each action every ten seconds that it is still under way. */
export class Still {
  readonly #console: Pick<Console, "now">;
  readonly #tell: (running: Running, now: number) => void;
  readonly #told = new Map<string, number>();
  #progress: Progress = NO_PROGRESS;
  #timer: NodeJS.Timeout | undefined;

  constructor(console: Pick<Console, "now">, tell: (running: Running, now: number) => void) {
    this.#console = console;
    this.#tell = tell;
  }

  /** What runs now. */
  get progress(): Progress {
    return this.#progress;
  }

  event(event: ExecuteEvent): void {
    this.#timer ??= setInterval(() => this.tick(), 1000).unref();
    this.#progress = advance(this.#progress, event);
  }

  /** Tells of every action whose next ten seconds have passed. */
  tick(): void {
    const now = this.#console.now();
    for (const [id, running] of this.#progress.running) {
      const passed = Math.floor((now - running.started.at) / EVERY_MS);
      if (passed > (this.#told.get(id) ?? 0)) this.#tell(running, now);
      this.#told.set(id, passed);
    }
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
