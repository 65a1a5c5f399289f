/** The environment variable that tells a copy of ourselves that it was started by another. */
export const GUARD = "ORBFORM_HANDED_ON";

/** How often calls may be handed on inside each other before it is called a loop. */
const MAX_DEPTH = 16;

/** What the variable says: who handed on last, to which programs, and how deep. */
export interface Handed {
  readonly depth: number;
  readonly pid: number;
  readonly paths: readonly string[];
}

/** Reads the variable; anything odd reads as "not handed on". */
export function readGuard(text: string | undefined): Handed {
  const [depth = "", pid = "", ...paths] = (text ?? "").split("|");
  const numbers = [depth, pid].map(Number);
  const good = text !== undefined && numbers.every((each) => Number.isSafeInteger(each) && each >= 0);
  return good ? { depth: Number(depth), pid: Number(pid), paths } : { depth: 0, pid: 0, paths: [] };
}

/**
 * Programs that led straight back to us: we run under the pid that handed on (it was replaced by what it started, and
 * that by us), or under a child of it. A later `orb` that OrbStack itself starts is no loop and skips nothing.
 */
export function ledBack(handed: Handed, self: { readonly pid: number; readonly ppid: number }): readonly string[] {
  return handed.pid === self.pid || handed.pid === self.ppid ? handed.paths : [];
}

/** Whether to give up: shims that fork hide who started whom, so depth is the last resort. */
export function isTooDeep(handed: Handed): boolean {
  return handed.depth >= MAX_DEPTH;
}

/** The variable's next value. */
export function writeGuard(handed: Handed, pid: number, paths: readonly string[]): string {
  return [handed.depth + 1, pid, ...paths].join("|");
}
