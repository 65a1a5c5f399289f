import { closeSync, open, readFileSync, writeFileSync } from "node:fs";
import type { SmallFiles } from "./disk.ts";

/** Small files of this computer's disk: read at once, written beside whatever else goes on. */
export const smallFiles: SmallFiles = {
  read: (paths) => paths.map(textAt),
  // No temporary file: half a small file is as good as none, and making two of each would double the work.
  replace: writeText,
};

function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Gone meanwhile, or not ours to read: such a file helps nobody.
    return undefined;
  }
}

/** Making a file can take long and is done beside; filling it takes less than waking a thread for it. */
async function writeText(path: string, text: string): Promise<void> {
  const file = await opened(path);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function opened(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, "w", 0o600, (error, file) => (error ? reject(error) : resolve(file)));
  });
}
