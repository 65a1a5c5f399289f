/** What happened in one seed, in order, for a person to follow. */
export interface Trace {
  say(who: string, text: string): void;
  lines(): readonly string[];
}

/** Writes down what happens, with the time since the beginning. `now` in epoch ms. */
export function trace(now: () => number): Trace {
  const begin = now();
  const lines: string[] = [];
  return {
    say: (who, text) => {
      const seconds = ((now() - begin) / 1000).toFixed(3).padStart(10);
      lines.push(`${seconds} s  ${who.padEnd(12)} ${text}`);
    },
    lines: () => lines,
  };
}
