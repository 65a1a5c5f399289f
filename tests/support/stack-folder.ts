import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadOptions, LoadResult } from "../../src/desired/load-stack.ts";
import type { ErrorFacts } from "../../src/model/errors.ts";

/** What loading one stack gave: a result, or what was thrown. */
export interface LoadAnswer extends Partial<LoadResult> {
  readonly thrown?: ErrorFacts & { readonly code: string };
}

/** A temporary folder with these files. The caller removes it. */
export async function folderWith(files: { readonly [path: string]: string }): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "orbform-stacks-")));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Loads stacks one after another in one process of plain Node. */
export function loadAll(requests: readonly LoadOptions[]): Promise<readonly LoadAnswer[]> {
  const script = fileURLToPath(new URL("stack-load-script.ts", import.meta.url));
  const argv = ["--no-warnings", script, JSON.stringify(requests)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(stderr, { cause: error }));
    });
  });
}
