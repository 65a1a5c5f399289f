import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { SourceFile } from "./run.ts";

/** Reads a source file as it is now; `undefined` where it can't be read. */
export async function readSource(path: string): Promise<SourceFile | undefined> {
  const content = await readFile(path).catch(() => undefined);
  return content && { content, digest: createHash("sha256").update(content).digest("hex") };
}
