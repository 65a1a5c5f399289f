/** Rejects what waits, all at once, when the user stops waiting. One listener however much waits. */
export class Interrupt {
  readonly #waiting = new Set<(reason: Error) => void>();
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", () => this.#rejectAll(), { once: true });
  }

  get aborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** The work's result; or a rejection as soon as the user stops waiting, while the work goes on by itself. */
  async whileWaiting<T>(work: Promise<T>): Promise<T> {
    if (this.#signal === undefined) return await work;
    const { promise, reject } = Promise.withResolvers<never>();
    if (this.aborted) reject(stoppedWaiting());
    this.#waiting.add(reject);
    try {
      // What fails after that is heard by the race, and does not end the process.
      return await Promise.race([work, promise]);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  #rejectAll(): void {
    for (const reject of this.#waiting) reject(stoppedWaiting());
  }
}

function stoppedWaiting(): Error {
  return new Error("no longer waited for");
}
