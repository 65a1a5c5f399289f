import { readFileSync } from "node:fs";

/** What a real program printed and how it ended, and the command line it was. */
export interface Capture {
  readonly line: string;
  readonly output: string;
  readonly exitCode: number;
}

/** Reads a file of captures: `=== COMMAND LINE`, the output, `--- exit N`. */
export function capturesIn(url: URL): readonly Capture[] {
  const text = readFileSync(url, "utf8");
  return [...text.matchAll(/^=== (.*)\n([\s\S]*?)^--- exit (\d+)$/gm)].map(([, line = "", output = "", exit]) => ({
    line,
    output,
    exitCode: Number(exit),
  }));
}
