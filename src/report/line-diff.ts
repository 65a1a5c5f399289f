/** One line of a difference between two texts. */
export interface DiffLine {
  /** `\\`: what diff says of the line before it. */
  readonly sign: "+" | "-" | " " | "\\";
  readonly line: string;
}

/** What diff says of a last line that no line break ends. */
const OPEN = "No newline at end of file";

/** Texts of more changed lines than this on either side are shown as taken out and put in as a whole. */
const MOST_LINES = 400;

/** How many unchanged lines are shown around what changes. */
const CONTEXT = 3;

/** The lines by which two texts differ, with a few around them; `undefined` stands for lines that are left out. */
export function lineDiff(before: string, after: string): readonly (DiffLine | undefined)[] {
  return folded(whole(linesOf(before), linesOf(after))).flatMap(opened);
}

/** All lines of a text that was not there, or goes. */
export function allLines(sign: "+" | "-", text: string): readonly (DiffLine | undefined)[] {
  return signed(sign, linesOf(text)).flatMap(opened);
}

function opened(each: DiffLine | undefined): readonly (DiffLine | undefined)[] {
  if (each?.line.endsWith("\n") !== true) return [each];
  return [
    { ...each, line: each.line.slice(0, -1) },
    { sign: "\\", line: OPEN },
  ];
}

/** A last line that no line break ends is marked by one, which no other line has: it differs from the same with an end. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const last = lines.at(-1) ?? "";
  return last === "" ? lines.slice(0, -1) : [...lines.slice(0, -1), `${last}\n`];
}

function whole(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const [old, fresh] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  return [
    ...signed(" ", before.slice(0, head)),
    ...(old.length > MOST_LINES || fresh.length > MOST_LINES
      ? [...signed("-", old), ...signed("+", fresh)]
      : aligned(old, fresh)),
    ...signed(" ", before.slice(before.length - tail)),
  ];
}

function signed(sign: DiffLine["sign"], lines: readonly string[]): readonly DiffLine[] {
  return lines.map((line) => ({ sign, line }));
}

/** By the longest common subsequence. */
function aligned(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  const common = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let [left, right] = [0, 0];
  while (left < old.length || right < fresh.length) {
    const [line = "", next = ""] = [old[left], fresh[right]];
    if (left < old.length && right < fresh.length && line === next) {
      lines.push({ sign: " ", line });
      left += 1;
      right += 1;
    } else if (right >= fresh.length || at(common, left + 1, right) >= at(common, left, right + 1)) {
      if (left < old.length) lines.push({ sign: "-", line });
      else lines.push({ sign: "+", line: next });
      if (left < old.length) left += 1;
      else right += 1;
    } else {
      lines.push({ sign: "+", line: next });
      right += 1;
    }
  }
  return lines;
}

/** How long the longest common subsequence is from each pair of places on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): readonly (readonly number[])[] {
  const rows: number[][] = Array.from({ length: old.length + 1 }, () => []);
  for (let left = old.length - 1; left >= 0; left -= 1) {
    const row = rows[left] ?? [];
    for (let right = fresh.length - 1; right >= 0; right -= 1) {
      const same = old[left] === fresh[right];
      row[right] = same ? at(rows, left + 1, right + 1) + 1 : Math.max(at(rows, left + 1, right), row[right + 1] ?? 0);
    }
  }
  return rows;
}

function at(rows: readonly (readonly number[])[], left: number, right: number): number {
  return rows[left]?.[right] ?? 0;
}

function folded(lines: readonly DiffLine[]): readonly (DiffLine | undefined)[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  const shown: (DiffLine | undefined)[] = [];
  for (const [index, line] of lines.entries()) {
    if (near[index] === true) shown.push(line);
    else if (shown.length === 0 || shown.at(-1) !== undefined) shown.push(undefined);
  }
  return shown;
}
