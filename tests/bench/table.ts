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
  const head = ["bench", "of", "figure", "aim"];
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
