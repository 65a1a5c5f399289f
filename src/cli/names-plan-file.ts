import { statSync } from "node:fs";
import { resolve } from "node:path";

/** What stacks are written in. */
export const SOURCE = /\.[cm]?[jt]sx?$/i;

/**
 * Whether a word names a plan file, there or not, and not a stack. A bare word is a stack's name: `./plan` is a file. Asked by
 * those who take both.
 */
export function namesPlanFile(word: string | undefined, cwd: string): word is string {
  if (word === undefined || SOURCE.test(word) || /^[\w-]*$/.test(word)) return false;
  return /\.(?:json|plan|tfplan)$/i.test(word) || isFile(resolve(cwd, word));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
