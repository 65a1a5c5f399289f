import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { SmallFiles } from "./disk.ts";

/** Small files of this computer's disk: read at once, written beside whatever else goes on. */
export const smallFiles: SmallFiles = {
  read: (paths) => paths.map(textAt),
  // No temporary file: half a small file is as good as none, and making two of each would double the work.
  replace: (path, text) => writeFile(path, text, { mode: 0o600 }),
};

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Gone meanwhile, or not ours to read: such a file helps nobody.
    return undefined;
  }
}
