/** The signals that ask an apply to end. */
export type InterruptSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What a process's signals mean for an apply. */
export interface Interrupts {
  /** Aborted by the first signal: begin nothing new, wait for what is in flight. */
  readonly stopStarting: AbortSignal;
  /** Aborted by the second: don't wait any longer. */
  readonly stopWaiting: AbortSignal;
  /** The first signal that came. */
  first(): InterruptSignal | undefined;
  /** Gives the signals their default effect back. */
  dispose(): void;
}

/** Where signals come from: `process`, or an emitter in tests. */
export interface SignalSource {
  on(signal: InterruptSignal, listener: () => void): unknown;
  off(signal: InterruptSignal, listener: () => void): unknown;
}

const SIGNALS: readonly InterruptSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Listens for signals. `tell` is called at the first and the second, with what that one means. */
export function watchInterrupts(source: SignalSource, tell: (message: string) => void): Interrupts {
  const starting = new AbortController();
  const waiting = new AbortController();
  let first: InterruptSignal | undefined;
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      if (first === undefined) {
        first = signal;
        tell(FIRST);
        starting.abort();
      } else if (!waiting.signal.aborted) {
        tell(SECOND);
        waiting.abort();
      }
    };
    source.on(signal, listener);
    return { signal, listener };
  });
  return {
    stopStarting: starting.signal,
    stopWaiting: waiting.signal,
    first: () => first,
    dispose: () => {
      for (const { signal, listener } of listeners) source.off(signal, listener);
    },
  };
}

const FIRST =
  "Interrupt received. Nothing new is started; waiting for what is under way to end.\n" +
  "Interrupt again to stop waiting: what is under way is then written down as unknown, and the next run looks into it.";

const SECOND = "Second interrupt received. Not waiting any longer; the next run looks into what was under way.";

/** 130 for SIGINT, 143 for SIGTERM and SIGHUP. */
export function interruptExit(signal: InterruptSignal): number {
  return signal === "SIGINT" ? 130 : 143;
}
