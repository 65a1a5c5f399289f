import { join } from "node:path";
import type { Disk } from "../state/disk.ts";

/** cloud-init texts on disk, for as long as a run needs them. */
export interface UserData {
  /** Writes a text (mode 0600) and gives its path. */
  write(text: string): Promise<string>;
  /** Removes every file this run and earlier ones left in the folder. */
  sweep(): Promise<void>;
}

const PREFIX = "user-data-";

/** cloud-init texts in a scratch folder, which is made when the first is written. */
export function userDataIn(disk: Disk, folder: string): UserData {
  let written = 0;
  return {
    async write(text) {
      await disk.makeFolder(folder);
      written += 1;
      const path = join(folder, `${PREFIX}${written}.yaml`);
      await disk.replace(path, text, 0o600);
      return path;
    },
    async sweep() {
      const left = (await disk.list(folder)).filter((name) => name.startsWith(PREFIX));
      for (const name of left) await disk.remove(join(folder, name));
    },
  };
}
