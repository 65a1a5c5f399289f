/** Programs that must not outlive Orbform: each is in a group of its own, where a terminal's interrupt doesn't reach. */
const running = new Set<() => void>();

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `stop` should Orbform end before the function that this gives is called. */
export function endWithUs(stop: () => void): () => void {
  if (running.size === 0) listen();
  running.add(stop);
  return () => {
    if (running.delete(stop) && running.size === 0) unlisten();
  };
}

function listen(): void {
  process.on("exit", stopAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unlisten(): void {
  process.off("exit", stopAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function stopAll(): void {
  for (const stop of running) stop();
}

/** By listening, a signal loses its effect: where nobody else listens, as an apply does, it gets it back. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  stopAll();
  unlisten();
  process.kill(process.pid, signal);
}
