import { fitted, type Fitted, type Section } from "./markdown-fit.ts";
import { headBlocks } from "./markdown-head.ts";
import { sectionsOf } from "./markdown-sections.ts";
import { bytesIn } from "./markdown-text.ts";
import type { Review } from "./review.ts";

/**
 * What a comment may have. GitHub takes 65,536 characters and says nowhere what it counts; bytes of UTF-8 are the most of
 * all that could be counted (UTF-16 units, code points), so that many bytes are never too much.
 */
export const LONGEST_COMMENT = 65_000;

/** Room for the sentence that tells what was left out, and for a link. */
const ROOM_FOR_CUT = 1500;

/**
 * A review as a comment on a pull request, in GitHub's markdown: a hidden marker first, then what must be seen, outside
 * of any fold, then what can be unfolded, as much as there is room for. Names and contents can be anything: they stand in
 * code throughout. The same review gives the same bytes.
 */
export function markdown(review: Review): string {
  return comment(headBlocks(review), sectionsOf(review), review.link);
}

/** Blocks that are whole in any case, and as much of the sections as fits behind them. */
export function comment(head: readonly string[], sections: readonly Section[], link: string | undefined): string {
  const before = `${head.join("\n\n")}\n`;
  const shown = fitted(sections, LONGEST_COMMENT - ROOM_FOR_CUT - bytesIn(before));
  const folds = shown.flatMap((section) => section.shown);
  const tail = [...cutSentence(shown), ...linkLine(link)];
  return `${[...head, ...tail, ...folds].join("\n\n")}\n`;
}

function cutSentence(sections: readonly Fitted[]): readonly string[] {
  const left = sections.filter(({ shown, blocks }) => shown.length < blocks.length);
  if (left.length === 0) return [];
  const words = left.map(({ shown, blocks, one, many }) => {
    const missing = blocks.length - shown.length;
    return `${missing} of ${blocks.length} ${blocks.length === 1 ? one : many}`;
  });
  return [`**Not shown here, for want of room:** ${words.join(", ")}.`];
}

/** A link that could be anything else than one is left out. */
function linkLine(link: string | undefined): readonly string[] {
  const isPlain = link !== undefined && link.length <= 1000 && /^https?:\/\/[\w.~:/?#@!$&*+,;=%-]+$/.test(link);
  return isPlain ? [`[The whole report](<${link}>)`] : [];
}
