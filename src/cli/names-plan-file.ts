import { statSync } from "node:fs";
import { resolve } from "node:path";

/** What stacks are written in. */
export const SOURCE = /\.[cm]?[jt]sx?$/i;

/** Whether a word names a plan file, there or not, and not a stack. Asked by those who take both. */
export function namesPlanFile(word: string | undefined, cwd: string): word is string {
  if (word === undefined || SOURCE.test(word)) return false;
  const found = statSync(resolve(cwd, word), { throwIfNoEntry: false });
  return found === undefined ? /\.(?:json|plan|tfplan)$/i.test(word) : found.isFile();
}
