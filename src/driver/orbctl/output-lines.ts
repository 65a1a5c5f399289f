import { withoutSequences } from "../../model/printable.ts";

/** Box-drawing characters, which the "update available" box is made of (contract 3.16). */
const BOX = /^[\u2500-\u257f]/u;

/**
 * The lines of what orbctl printed, trimmed at the end, without terminal sequences and without the lines of boxes that
 * may stand around any output, on either stream.
 */
export function outputLines(text: string): readonly string[] {
  const lines = withoutSequences(text).split(/\r?\n/);
  return lines.filter((line) => !BOX.test(line.trim())).map((line) => line.trimEnd());
}

/** A line that is an error of OrbStack's service: `[-32098] machine not found: 'X'` (contract 6). */
export function isServiceError(line: string): boolean {
  return /^\s*\[-32\d*\]/.test(line);
}
