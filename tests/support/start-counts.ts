import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { QuietProject } from "./quiet-project.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));

/** What one call of the built program costs, in counts: they are the same on a busy computer. */
export interface StartCounts {
  /** Files loaded as modules, in order: their names without the build's hashes, and their bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Node's own modules that a bare node has not loaded yet. */
  readonly builtins: readonly string[];
  readonly processes: number;
  /** Paths of files opened by the program itself, the same one twice where it is opened twice. */
  readonly opened: readonly string[];
}

/** Counts a call. It is carried out twice: counting the one loads what the other counts. */
export function startCounts(project: QuietProject, ...args: readonly string[]): StartCounts {
  const counted: { files: [string, number][]; processes: number; opened: string[] } = run(project, "count-start", args);
  const builtins: string[] = run(project, "count-builtins", args);
  return {
    files: counted.files.map(([url, bytes]) => ({ name: nameOf(url), bytes })),
    builtins,
    processes: counted.processes,
    opened: counted.opened,
  };
}

function nameOf(url: string): string {
  return url.replace(/.*\//, "").replace(/-[\w-]{8}\.js$/, "");
}

function run(project: QuietProject, preload: string, args: readonly string[]) {
  const file = join(project.folder, "counts.json");
  const hook = new URL(`./${preload}.mjs`, import.meta.url).href;
  execFileSync(process.execPath, ["--import", hook, ORBFORM, ...args], {
    cwd: project.folder,
    env: { ...project.env, ORBFORM_COUNTS: file },
    encoding: "utf8",
  });
  return JSON.parse(readFileSync(file, "utf8"));
}
