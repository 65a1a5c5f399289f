import { bytesIn, counted } from "./markdown-text.ts";

/** Blocks of one sort, of which as many are shown as there is room for. */
export interface Section {
  /** What one and several of its blocks are: `change`, `changes`. */
  readonly one: string;
  readonly many: string;
  readonly blocks: readonly string[];
  /** Bytes that it has before any other gets more than its own share. */
  readonly share: number;
}

/** A section with those of its blocks that are shown: always the first ones. */
export interface Fitted extends Section {
  readonly shown: readonly string[];
}

/** A line feed and an empty line follow each block. */
const BETWEEN = 2;

/** Gives each section its share, then the rest to whoever comes first. Whole blocks only; the same each time. */
export function fitted(sections: readonly Section[], bytes: number): readonly Fitted[] {
  const sizes = sections.map(({ blocks }) => blocks.map((block) => bytesIn(block) + BETWEEN));
  const counts = sections.map(() => 0);
  let left = bytes;
  for (const isShared of [true, false]) {
    for (const [index, section] of sections.entries()) {
      const own = sizes[index] ?? [];
      let room = isShared ? Math.min(section.share, left) : left;
      let count = counts[index] ?? 0;
      for (let size = own[count]; size !== undefined && size <= room; size = own[count]) {
        room -= size;
        left -= size;
        count += 1;
      }
      counts[index] = count;
    }
  }
  return sections.map((section, index) => ({ ...section, shown: section.blocks.slice(0, counts[index]) }));
}

/** Items as a list, as many as there is room for, and how many more there are. */
export function bounded(items: readonly string[], bytes: number): readonly string[] {
  let left = bytes;
  const shown: string[] = [];
  for (const item of items) {
    const line = `- ${item}`;
    left -= bytesIn(line) + 1;
    if (left < 0) break;
    shown.push(line);
  }
  return shown.length === items.length ? shown : [...shown, `- and ${items.length - shown.length} more`];
}

/** A block is cut behind so many bytes, or lines: a long file is not to push out all that follows. */
const MOST_BYTES = 6000;
const MOST_LINES = 200;

/** Lines of one block, as many as are shown, and how many more there are. */
export function cutLines(lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += bytesIn(line) + 1;
    if (shown.length === MOST_LINES || bytes > MOST_BYTES) break;
    shown.push(line);
  }
  return shown.length === lines.length ? shown : [...shown, `# (${counted(lines.length - shown.length, "more line")})`];
}
