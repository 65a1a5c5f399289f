import { PassThrough } from "node:stream";
import type { Console } from "../../src/cli/console.ts";
import { PLAIN } from "../../src/report/theme.ts";

/** A console on which nothing is shown and nobody can be asked, but for these parts. */
export function silentConsole(parts: Partial<Console> = {}): Console {
  return {
    out: () => undefined,
    err: () => undefined,
    write: () => Promise.resolve(),
    shown: false,
    outTheme: PLAIN,
    errTheme: PLAIN,
    live: false,
    interactive: false,
    stdin: new PassThrough(),
    stderr: new PassThrough(),
    cwd: "/",
    env: {},
    now: () => 0,
    ...parts,
  };
}
