/** One measured number: what, of how many, and its unit. Ratios and counts are what is compared; times are for people. */
export interface Figure {
  readonly bench: string;
  readonly of: string;
  readonly value: number;
  readonly unit: string;
  /** What the issue aims at, where it names an aim. */
  readonly aim?: string;
}

/** Figures as a table for a terminal. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((each) => [each.bench, each.of, `${round(each.value)} ${each.unit}`, each.aim ?? ""]);
  return columns([["bench", "of", "figure", "aim"], ...rows]);
}

/** One measured thing of two programs that did the same work; absent where it couldn't be measured. */
export interface Comparison {
  readonly of: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number | undefined;
  readonly theirs: number | undefined;
}

/** Comparisons as a table for a terminal; `them` is the other program. */
export function comparisonTable(comparisons: readonly Comparison[], them: string): string {
  const rows = comparisons.map(({ of, what, unit, ours, theirs }) => {
    const ratio = theirs === undefined || ours === undefined || ours === 0 ? "" : `${round(theirs / ours)} x`;
    return [of, what, measured(ours, unit), measured(theirs, unit), ratio];
  });
  return columns([["of", "what", "Orbform", them, "times ours"], ...rows]);
}

function measured(value: number | undefined, unit: string): string {
  return value === undefined ? "?" : `${round(value)} ${unit}`;
}

/** Rows below a head, in columns. */
function columns([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
