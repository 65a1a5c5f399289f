import { join } from "node:path";

/** Where the parts of one state lie. All absolute where the folder is. */
export interface StatePaths {
  /** The snapshot: `web.json`, `web.prod.json`. */
  readonly snapshot: string;
  /** The journal of a run under way or interrupted. */
  readonly journal: string;
  /** What is known of runs that died over a kept plan. */
  readonly unfinished: string;
  /** What lock files begin with; a number follows. */
  readonly lock: string;
  /** Folder of the last snapshots, `SERIAL.json` each. */
  readonly history: string;
  /** Learned durations. */
  readonly timings: string;
  /** Folder for what the processes of a run print. */
  readonly scratch: string;
}

/**
 * The paths of a stack's state in a state folder; `env` is `--env`. Other characters than letters, digits, `_` and `-`
 * are written as `%XX`, so that no two stacks share a file and none reaches outside the folder.
 */
export function statePaths(folder: string, stack: string, env?: string): StatePaths {
  const name = env === undefined ? fileWord(stack) : `${fileWord(stack)}.${envWord(env)}`;
  return besideSnapshot(join(folder, `${name}.json`));
}

/** The paths of the state whose snapshot lies at a path. */
export function besideSnapshot(snapshot: string): StatePaths {
  const stem = snapshot.replace(/\.json$/, "");
  return {
    snapshot,
    journal: `${stem}.journal`,
    unfinished: `${stem}.unfinished`,
    lock: `${stem}.lock.`,
    history: `${stem}.history`,
    timings: `${stem}.timings.json`,
    scratch: `${stem}.scratch`,
  };
}

/** A word as a part of a file name: never empty, never `.` or `..`, never with a separator. */
export function fileWord(word: string): string {
  return word === "" ? "%" : word.replaceAll(/[^A-Za-z0-9_-]/gu, percent);
}

/** `web.timings.json` holds the durations of `web`: an env of that name gets another file. */
function envWord(env: string): string {
  return env === "timings" ? "%74imings" : fileWord(env);
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
