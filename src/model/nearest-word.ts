/** The known word nearest to a misspelt one, without regard to case; `undefined` where none is near: at most a third differs. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  // Two slips in a long word, one in a short one.
  let nearest: string | undefined;
  let distance = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const candidate of known) {
    const slips = word.toLowerCase() === candidate.toLowerCase() ? 0 : editDistance(word, candidate);
    if (slips < distance) [nearest, distance] = [candidate, slips];
  }
  return nearest;
}

/** Insertions, deletions, replacements and swapped neighbours between two words. Long words are never near. */
function editDistance(left: string, right: string): number {
  if (Math.max(left.length, right.length) > 64) return Number.POSITIVE_INFINITY;
  let before: readonly number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(left).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(right).entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      const isSwapped = letter === right[column - 1] && left[index - 1] === other;
      const swap = isSwapped ? (before[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replace, swap, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[right.length] ?? Number.POSITIVE_INFINITY;
}
