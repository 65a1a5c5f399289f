import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { misused } from "./failures.ts";

/**
 * A path of this computer, absolute and without `.` and `..`, meaning what it means to every other program: `..` behind a
 * link leads out of the folder that the link leads to, not out of the one that the link is in. Errors: `ORB_USAGE` for an
 * empty one, which no other program takes for the current folder.
 */
export async function localPath(path: string): Promise<string> {
  if (path === "") throw misused("A path on this computer is empty. Nothing was copied.", "Write . for this folder.");
  let at = path.startsWith("/") ? "/" : process.cwd();
  for (const step of path.split("/")) {
    if (step === "..") at = dirname(await realpath(at).catch(() => at));
    else at = join(at, step);
  }
  return at;
}
