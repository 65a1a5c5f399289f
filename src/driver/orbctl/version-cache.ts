import { stat } from "node:fs/promises";

/** Where versions of orbctl are remembered between runs. Losing an entry costs one call. */
export interface VersionCache {
  /** The version remembered under a key. */
  read(key: string): Promise<string | undefined>;
  write(key: string, version: string): Promise<void>;
}

/** What a program is remembered by: path, size and time of change. `undefined` where there is no such file. */
export async function programKey(program: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(program);
    return `${program}:${size}:${Math.floor(mtimeMs)}`;
  } catch {
    // A program that can't be looked at is not remembered; running it will say what is wrong.
    return undefined;
  }
}
