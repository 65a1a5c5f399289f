/** A text put together from pieces, most of which were there the last time too. */
export interface SplicedText {
  /** The pieces as one text. What it has in common with the last one, at both ends, is copied as a whole. */
  of(pieces: readonly string[]): string;
}

/** Begins with no text. Putting a thousand pieces together each time one of them changes would cost far more. */
export function splicedText(): SplicedText {
  let last: readonly string[] = [];
  let text = "";
  return {
    of(pieces) {
      const head = common(last, pieces, (list, at) => list[at]);
      const shorter = Math.min(last.length, pieces.length) - head;
      const tail = Math.min(
        shorter,
        common(last, pieces, (list, at) => list[list.length - 1 - at]),
      );
      const middle = pieces.slice(head, pieces.length - tail).join("");
      const end = length(last.slice(last.length - tail));
      text = text.slice(0, length(last.slice(0, head))) + middle + text.slice(text.length - end);
      last = pieces;
      return text;
    },
  };
}

/** How many pieces, counted as `at` counts, are the very same in both. */
function common(
  left: readonly string[],
  right: readonly string[],
  at: (list: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && at(left, count) === at(right, count)) count += 1;
  return count;
}

function length(pieces: readonly string[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
