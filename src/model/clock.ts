/** Time, the third port: pure code gets values, shells get this. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1): for jitter and temporary file names, never for anything a plan shows. */
  random(): number;
}
