import { join } from "node:path";
import type { Disk } from "./disk.ts";

/** How many snapshots are kept. */
const KEPT_SNAPSHOTS = 20;

/** A snapshot as it is kept. */
export interface KeptSnapshot {
  readonly serial: number;
  readonly text: string;
}

/** Keeps a snapshot in the history folder as `SERIAL.json` and removes those beyond the last {@link KEPT_SNAPSHOTS}. */
export async function keepInHistory(disk: Disk, folder: string, { serial, text }: KeptSnapshot): Promise<void> {
  await disk.makeFolder(folder);
  const path = join(folder, `${serial}.json`);
  if ((await disk.read(path)) !== text) await disk.replace(path, text, 0o600);
  const serials = (await disk.list(folder)).flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  const surplus = serials.toSorted((a, b) => b - a).slice(KEPT_SNAPSHOTS);
  for (const each of surplus) await disk.remove(join(folder, `${each}.json`));
}
