/** A deliberate fault of the engine: some of its source is exchanged when it is loaded. Nothing on disk changes. */
export interface Fault {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  /** What stands there exactly once. */
  readonly find: string;
  /** What is loaded instead. */
  readonly put: string;
  /** What the engine promises and no longer keeps. */
  readonly breaks: string;
  /** Which laws may find it: another one's violation tells of something else. */
  readonly laws: readonly [string, ...string[]];
}

/** The source with the fault in it. Throws where the fault doesn't fit the source any more. */
export function faulty({ name, file, find, put }: Fault, source: string): string {
  const times = source.split(find).length - 1;
  if (times === 1) return source.replace(find, () => put);
  throw new Error(`the fault ${name} doesn't fit ${file} any more: its text stands there ${times} times`);
}
