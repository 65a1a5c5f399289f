import type { OrbformError } from "../model/errors.ts";
import { translateImportError, translateLate } from "./translate-import-error.ts";

/** Which file is being loaded. */
export interface Guarded {
  readonly file: string;
  readonly selfUrl: string;
}

/** The file that was loaded last: where an error most likely is that tells no place. */
let last: Guarded | undefined;

/** Fails the load under way, if there is one. */
let failCurrent: ((error: unknown) => void) | undefined;

/**
 * Loads a file so that it can be failed from outside, by {@link failLoad}: what an author's code does to the process is
 * not thrown to who imported it. One at a time in a process. Errors: those of {@link translateImportError}.
 */
export async function guardLoad<T>({ file, selfUrl }: Guarded, load: () => Promise<T>): Promise<T> {
  last = { file, selfUrl };
  const stray = new Promise<never>((_, reject) => {
    failCurrent = (error) => reject(translateImportError(error, { file, lastLoaded: file, selfUrl }));
  });
  try {
    const loaded = await Promise.race([load(), stray]);
    // Node tells of a rejection that nobody takes only when the queue of microtasks is empty.
    await Promise.race([new Promise((resolve) => setImmediate(resolve)), stray]);
    return loaded;
  } finally {
    failCurrent = undefined;
  }
}

/** Fails the load that is under way with what reached the process instead of who loads. `false` where there is none. */
export function failLoad(error: unknown): boolean {
  if (failCurrent === undefined) return false;
  failCurrent(error);
  return true;
}

/** What nobody caught after the last load, as an error for its author. `undefined` where it is no author's. */
export function toldLate(error: unknown): OrbformError | undefined {
  return last && translateLate(error, { ...last, lastLoaded: last.file });
}
